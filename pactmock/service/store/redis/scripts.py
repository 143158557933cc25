"""What has to happen at once in the store, as scripts that it runs. Each takes `ServerKeys.all` as its keys.

They decide nothing about requests: they add an entry to a ledger, or say why not. What entries mean, replicas know.
"""

from __future__ import annotations

from pactmock.service.store.redis.keys import CHANGES

GONE, MOVED, VOID, OTHER = -1, -2, -3, -4
"""What scripts say instead of a number: there is no such mock server, something else is played, the entry is void; and
that the store has another history than who asks, as it lost what it had acknowledged."""

_TELL = f"redis.call('PUBLISH', '{CHANGES}', KEYS[1])"

_TOUCH = """
local function touch(ttl)
  if ttl == '0' then return end
  redis.call('PEXPIRE', KEYS[1], ttl)
  if redis.call('PTTL', KEYS[3]) < ttl + 30000 then
    redis.call('PEXPIRE', KEYS[2], ttl * 2 + 60000)
    redis.call('PEXPIRE', KEYS[3], ttl * 2 + 60000)
  end
end
"""

_ADD = f"""
local function add(entry, mark, before)
  local number = redis.call('HINCRBY', KEYS[1], 'last', 1)
  redis.call('XADD', KEYS[2], number .. '-0', 'o', entry, 'm', mark, 'b', before)
  redis.call('HSET', KEYS[1], 'mark', mark)
  {_TELL}
  return number
end
"""

CREATE = f"""
-- ARGV: format, snapshot, milliseconds of the lease, name
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], 'v', ARGV[1], 'last', 0, 'mark', 0, 'config', 0, 'snapshot', 0, 'bytes', 0)
redis.call('HSET', KEYS[1], 'ttl', ARGV[3], 'name', ARGV[4])
redis.call('SET', KEYS[3], ARGV[2])
if ARGV[3] ~= '0' then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  redis.call('PEXPIRE', KEYS[3], ARGV[3] * 2 + 60000)
end
{_TELL}
return 1
"""

APPEND = f"""{_TOUCH}{_ADD}
-- ARGV: the configuration that was decided against, or '' for any; 1 where this changes it; the mark of the entry;
--       what is to be known of it while it is pending, '' where nobody has to confirm it; the entry; marks of requests
--       that were answered
local head = redis.call('HMGET', KEYS[1], 'config', 'ttl', 'snapshot', 'mark')
if not head[1] then return {{{GONE}}} end
local says, number
if ARGV[1] ~= '' and ARGV[1] ~= head[1] then
  says = {MOVED}
elseif ARGV[4] ~= '' and redis.call('SISMEMBER', KEYS[5], ARGV[3]) == 1 then
  says = {VOID}
else
  -- First: a store that is full refuses this, and nothing once something was written.
  number = add(ARGV[5], ARGV[3], head[4])
end
if #ARGV > 5 then redis.call('HDEL', KEYS[4], unpack(ARGV, 6)) end
if says then return {{says}} end
local bytes = redis.call('HINCRBY', KEYS[1], 'bytes', #ARGV[5])
if ARGV[4] ~= '' then redis.call('HSET', KEYS[4], ARGV[3], '[' .. number .. ',' .. ARGV[4] .. ']') end
if ARGV[2] == '1' then redis.call('HSET', KEYS[1], 'config', ARGV[3]) end
touch(head[2])
if head[2] ~= '0' then
  redis.call('PEXPIRE', KEYS[2], head[2] * 2 + 60000)
  if ARGV[4] ~= '' then redis.call('PEXPIRE', KEYS[4], head[2] * 2 + 60000) end
end
return {{number, number - head[3], bytes, head[4]}}
"""
"""Note something, if what it was decided against is still played. Returns the number of the entry, how many entries
and bytes there are behind the snapshot, and the mark of the entry before."""

READ = f"""{_TOUCH}
-- ARGV: the number of the latest entry that is known, how many are wanted at most, 1 to touch the lease, its mark
local head = redis.call('HMGET', KEYS[1], 'config', 'ttl', 'snapshot', 'last', 'mark')
if not head[1] then return {{{GONE}}} end
if ARGV[3] == '1' then touch(head[2]) end
local known, snapshot, mark = tonumber(ARGV[1]), false, ARGV[4]
if known < tonumber(head[3]) then
  snapshot = redis.call('GET', KEYS[3])
  if snapshot then known, mark = tonumber(head[3]), nil end
elseif known > tonumber(head[4]) or (known == tonumber(head[4]) and head[5] ~= mark) then
  return {{{OTHER}}}
end
local entries = {{}}
if known < tonumber(head[4]) then
  for place, entry in ipairs(redis.call('XRANGE', KEYS[2], (known + 1) .. '-0', '+', 'COUNT', ARGV[2])) do
    if entry[1] ~= (known + place) .. '-0' then break end -- those in between are lost
    if place == 1 and mark and entry[2][6] ~= mark then return {{{OTHER}}} end
    entries[place] = {{entry[2][2], entry[2][4] or ''}}
  end
end
return {{known, snapshot, entries, head[4], redis.call('HGETALL', KEYS[4])}}
"""
"""Say what happened since an entry, or the whole state where that is no longer known by its entries: entries with their
marks, each of which the next entry names too."""

DISOWN = f"""{_ADD}
-- ARGV: the mark of the request, the entry that says so up to what is known of it, the rest of it, its mark
local before = redis.call('HGET', KEYS[1], 'mark')
if not before then return 0 end
local pending = redis.call('HGET', KEYS[4], ARGV[1])
if not pending then
  redis.call('SADD', KEYS[5], ARGV[1])
  redis.call('PEXPIRE', KEYS[5], 600000)
  return 0
end
redis.call('HDEL', KEYS[4], ARGV[1])
return add(ARGV[2] .. pending .. ARGV[3], ARGV[4], before)
"""
"""Take back what was noted under a mark, or see to it that it never will be."""

CHECKPOINT = """
-- ARGV: the number of the latest entry that is in it, its JSON, the bytes that it stands for, the mark of that entry
local head = redis.call('HMGET', KEYS[1], 'snapshot', 'ttl', 'bytes', 'last', 'mark')
if not head[1] or tonumber(head[1]) >= tonumber(ARGV[1]) then return 0 end
if head[4] == ARGV[1] then
  if head[5] ~= ARGV[4] then return 0 end
else
  local next = (ARGV[1] + 1) .. '-0'
  local entry = redis.call('XRANGE', KEYS[2], next, next)[1]
  if not entry or entry[2][6] ~= ARGV[4] then return 0 end
end
redis.call('SET', KEYS[3], ARGV[2])
redis.call('HSET', KEYS[1], 'snapshot', ARGV[1], 'bytes', math.max(0, head[3] - ARGV[3]))
redis.call('XTRIM', KEYS[2], 'MINID', (ARGV[1] + 1) .. '-0')
if head[2] ~= '0' then redis.call('PEXPIRE', KEYS[3], head[2] * 2 + 60000) end
return 1
"""
"""Replace the entries up to one by a snapshot that says the same, if the store has that one."""

REMOVE = f"""
local found = redis.call('EXISTS', KEYS[1])
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5])
{_TELL}
return found
"""
