import { LuaScript } from './lua-script.ts';

/*
 * Only the publish script obeys Redis' memory limit. Everything that lets consumers progress carries `allow-oom`, else a full
 * Redis could never be emptied again.
 */

/**
 * Appends records to their streams, all or none.
 * KEYS streams · ARGV cap, channel, then per record: index of its stream, key, value, headers.
 * Answers nothing, or the stream that has reached its cap.
 */
export const publishScript = new LuaScript(`#!lua
local added = {}
for i = 3, #ARGV, 4 do
  local stream = KEYS[tonumber(ARGV[i])]
  added[stream] = (added[stream] or 0) + 1
end
for stream, count in pairs(added) do
  if redis.call('XLEN', stream) + count > tonumber(ARGV[1]) then return stream end
end
for i = 3, #ARGV, 4 do
  redis.call('XADD', KEYS[tonumber(ARGV[i])], '*', 'k', ARGV[i + 1], 'v', ARGV[i + 2], 'h', ARGV[i + 3])
end
for stream in pairs(added) do redis.call('PUBLISH', ARGV[2], stream) end
return false`);

/**
 * Keeps members and leases of one process alive.
 * KEYS member sets, then leases · ARGV member, time to live in ms, channel, group signal, number of member sets, then the token
 * of each lease. Answers the living members of each set and, per lease, 1 while it is still held.
 */
export const heartbeatScript = new LuaScript(`#!lua flags=allow-oom
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ttl, sets = tonumber(ARGV[2]), tonumber(ARGV[5])
local members, held, joined = {}, {}, 0
for i = 1, sets do
  joined = joined + redis.call('ZADD', KEYS[i], now, ARGV[1])
  redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now - ttl)
  redis.call('PEXPIRE', KEYS[i], ttl * 2)
  local living = redis.call('ZRANGE', KEYS[i], 0, -1)
  table.sort(living)
  members[i] = living
end
for i = sets + 1, #KEYS do
  local mine = redis.call('GET', KEYS[i]) == ARGV[5 + i - sets]
  if mine then redis.call('PEXPIRE', KEYS[i], ttl) end
  held[i - sets] = mine and 1 or 0
end
if joined > 0 then redis.call('PUBLISH', ARGV[3], ARGV[4]) end
return { members, held }`);

/** Removes a member. KEYS member sets · ARGV member, channel, group signal. */
export const leaveScript = new LuaScript(`#!lua flags=allow-oom
for i = 1, #KEYS do redis.call('ZREM', KEYS[i], ARGV[1]) end
redis.call('PUBLISH', ARGV[2], ARGV[3])
return 1`);

/**
 * Takes a free partition and creates the group on its stream if it is new.
 * KEYS lease, fences, stream · ARGV member, time to live in ms, group. Answers nothing when another member holds it, else the
 * fencing token and the group's position.
 */
export const acquireScript = new LuaScript(`#!lua flags=allow-oom
if redis.call('EXISTS', KEYS[1]) == 1 then return false end
local token = ARGV[1] .. ':' .. redis.call('HINCRBY', KEYS[2], KEYS[1], 1)
redis.call('SET', KEYS[1], token, 'PX', ARGV[2])
redis.pcall('XGROUP', 'CREATE', KEYS[3], ARGV[3], '0', 'MKSTREAM')
for _, info in ipairs(redis.call('XINFO', 'GROUPS', KEYS[3])) do
  local group = {}
  for i = 1, #info, 2 do group[info[i]] = info[i + 1] end
  if group['name'] == ARGV[3] then return { token, group['last-delivered-id'] } end
end
return redis.error_reply('group ' .. ARGV[3] .. ' is missing on ' .. KEYS[3])`);

/** Saves a group's position. KEYS lease, stream · ARGV token, group, position. Answers 0 when the token is no longer valid. */
export const commitScript = new LuaScript(`#!lua flags=allow-oom
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('XGROUP', 'SETID', KEYS[2], ARGV[2], ARGV[3])
return 1`);

/** Gives a partition up. KEYS lease · ARGV token, channel, group signal. */
export const releaseScript = new LuaScript(`#!lua flags=allow-oom
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', ARGV[2], ARGV[3])
return 1`);

/**
 * Frees the memory of records that nobody needs any more.
 * KEYS stream · ARGV number of records below which nothing is done, id before which records are too old, and what to do with
 * records that no group reads: 'keep' them until they are too old, or 'drop-oldest'. Answers how many were removed.
 */
export const trimScript = new LuaScript(`#!lua flags=allow-oom
local function parse(id)
  local ms, seq = string.match(id, '(%d+)-(%d+)')
  return tonumber(ms), tonumber(seq)
end
local function before(a, b)
  local ams, aseq = parse(a)
  local bms, bseq = parse(b)
  return ams < bms or (ams == bms and aseq < bseq)
end
if redis.call('XLEN', KEYS[1]) <= tonumber(ARGV[1]) then return 0 end
local lowest
for _, info in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  for i = 1, #info, 2 do
    if info[i] == 'last-delivered-id' and (not lowest or before(info[i + 1], lowest)) then lowest = info[i + 1] end
  end
end
if lowest then return redis.call('XTRIM', KEYS[1], 'MINID', lowest) end
if ARGV[3] == 'keep' then return redis.call('XTRIM', KEYS[1], 'MINID', ARGV[2]) end
return redis.call('XTRIM', KEYS[1], 'MAXLEN', ARGV[1])`);
