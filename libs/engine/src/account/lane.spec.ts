import { describe, expect, it } from 'vitest';
import { Lane, Lanes, LaneSlot } from './lane.ts';

const from = (routeId: string) => ({ laneName: () => ({ groupId: 'g', tenantId: 't', routeId, consumer: null }) });

describe('a lane', () => {
  it('is found again by what stands for its route, and made anew once too many came after it', () => {
    const lanes = new Lanes();
    const owners = Array.from({ length: 17 }, (_, index) => ({ index }));
    const first = lanes.of(owners[0]!, from('r0'));
    expect(lanes.of(owners[0]!, from('other'))).toBe(first);
    expect(first.name.routeId).toBe('r0');
    for (const [index, owner] of owners.entries()) lanes.of(owner, from(`r${index}`));
    expect(lanes.of(owners[0]!, from('r0'))).not.toBe(first);
    expect(lanes.of(owners[16]!, from('?')).name.routeId).toBe('r16');
    // r0 has taken the place of r1; the other fifteen are there, the last of them too.
    for (const index of [2, 9, 16]) expect(lanes.of(owners[index]!, from('?')).name.routeId).toBe(`r${index}`);
    expect(lanes.of(owners[1]!, from('anew')).name.routeId).toBe('anew');
  });

  it('keeps what each slot has left, the newest, and forgets rather than grow', () => {
    const lane = new Lane(from('r').laneName());
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
