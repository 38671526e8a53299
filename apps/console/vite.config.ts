import { webApp } from '@tollgate/ui/vite';

export default webApp({ port: 5173, api: 'http://localhost:8080' });
