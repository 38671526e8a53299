import { describe, expect, it } from 'vitest';
import { containerCommand, planeNameShape, shellCommand } from './data-plane-command.ts';

const start = {
  name: 'edge-1',
  httpPort: 9180,
  httpsPort: 9543,
  statusPort: 9191,
  servesOthers: false,
  linkUrl: 'https://localhost:8443',
  token: 'tge_abc',
};

describe('the command that starts a data plane', () => {
  it('is one command of a shell, with everything that the gateway needs', () => {
    const command = shellCommand(start);
    expect(
      command
        .split('\n')
        .slice(0, -1)
        .every((line) => line.endsWith(' \\')),
    ).toBe(true);
    expect(command).toContain('TOLLGATE_LINK_URL=https://localhost:8443 ');
    expect(command).toContain('TOLLGATE_ENROL_TOKEN=tge_abc ');
    expect(command).not.toContain('GATEWAY_HOST');
    expect(shellCommand({ ...start, servesOthers: true })).toContain('GATEWAY_HOST=0.0.0.0 ');
    expect(containerCommand(start)).toContain('TOLLGATE_ENROL_TOKEN=tge_abc ');
  });

  it('takes no name that a shell would read as something else', () => {
    expect(planeNameShape.test('edge-1')).toBe(true);
    for (const name of ['', 'a b', '$(id)', '../x', "a'b", '-rf']) expect(planeNameShape.test(name)).toBe(false);
  });
});
