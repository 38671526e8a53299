import { describe, expect, it } from 'vitest';
import { addUp, type ReceivedAcknowledgement } from './acknowledgements.ts';

const change = { groupId: 'grp_1', sequence: 'revision' as const };

function from(
  dataPlaneId: string,
  acknowledgement: ReceivedAcknowledgement['acknowledgement'],
): ReceivedAcknowledgement {
  return { dataPlaneId, tenantId: 'tnt_1', acknowledgement };
}

const applied = (position: number) => ({ outcome: 'applied' as const, ...change, position });
const refused = (position: number) => ({
  outcome: 'refused' as const,
  ...change,
  position,
  reason: 'invalid' as const,
  detail: 'no',
  faults: [],
});

describe('acknowledgements that arrive together', () => {
  it('become one row per data plane and group', () => {
    const access = { ...applied(9), sequence: 'access' as const };
    expect(addUp([from('dp_1', applied(1)), from('dp_1', access), from('dp_2', applied(2))])).toMatchObject([
      { dataPlaneId: 'dp_1', revision: 1, access: 9, applied: ['revision', 'access'], refusal: null },
      { dataPlaneId: 'dp_2', revision: 2, access: null },
    ]);
  });

  it('keep a refusal until something later of the same sequence is applied', () => {
    expect(addUp([from('dp_1', refused(2))])).toMatchObject([{ revision: null, refusal: { position: 2 } }]);
    expect(addUp([from('dp_1', refused(2)), from('dp_1', applied(3))])).toMatchObject([{ revision: 3, refusal: null }]);
    expect(addUp([from('dp_1', applied(3)), from('dp_1', refused(4))])).toMatchObject([
      { revision: 3, refusal: { position: 4 } },
    ]);
  });
});
