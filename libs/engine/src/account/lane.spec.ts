import { describe, expect, it } from 'vitest';
import { Lane, Lanes, LaneSlot } from './lane.ts';

const nameOf = (routeId: string) => () => ({ groupId: 'g', tenantId: 't', routeId, consumer: null });

describe('a lane', () => {
  it('is found again by what stands for its route, and made anew once too many came after it', () => {
    const lanes = new Lanes();
    const owners = Array.from({ length: 17 }, (_, index) => ({ index }));
    const first = lanes.of(owners[0]!, nameOf('r0'));
    expect(lanes.of(owners[0]!, nameOf('other'))).toBe(first);
    expect(first.name.routeId).toBe('r0');
    for (const [index, owner] of owners.entries()) lanes.of(owner, nameOf(`r${index}`));
    expect(lanes.of(owners[0]!, nameOf('r0'))).not.toBe(first);
    expect(lanes.of(owners[16]!, nameOf('?')).name.routeId).toBe('r16');
  });

  it('keeps what each slot has left, the newest, and forgets rather than grow', () => {
    const lane = new Lane(nameOf('r')());
    const slots = Array.from({ length: 9 }, () => new LaneSlot<{ value: number }>());
    const [a, b] = [slots[0]!, slots[1]!];
    a.keep(lane, { value: 1 });
    b.keep(lane, { value: 2 });
    a.keep(lane, { value: 3 });
    expect([a.of(lane)?.value, b.of(lane)?.value]).toEqual([3, 2]);
    for (const [value, slot] of slots.entries()) slot.keep(lane, { value });
    expect(slots.filter((slot) => slot.of(lane) !== undefined)).toHaveLength(8);
    expect(slots[8]!.of(lane)?.value).toBe(8);
  });
});
