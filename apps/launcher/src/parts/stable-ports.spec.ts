import { expect, it } from 'vitest';
import { stablePorts } from './stable-ports.ts';

it('asks for the announced port again where any free one was asked for', () => {
  const announced = { link: 'https://localhost:41001', http: 'http://127.0.0.1:41002' };
  expect(stablePorts({ LINK_PORT: '0', GATEWAY_HTTP_PORT: '0', CONSOLE_PORT: '0' }, announced)).toEqual({
    LINK_PORT: '41001',
    GATEWAY_HTTP_PORT: '41002',
  });
});

it('leaves ports alone that were chosen', () => {
  expect(stablePorts({ LINK_PORT: '8443' }, { link: 'https://gateway.example.test' })).toEqual({});
});
