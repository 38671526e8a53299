import { webApp } from '@tollgate/ui/vite';

export default webApp({ port: 5174, api: 'http://localhost:8081' });
