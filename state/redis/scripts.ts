/**
 * The atomic steps, in Lua. Every session script takes the seven keys of `keys.ts` and, as first argument, the time to
 * use in ms or '' for the server's own (tests move the time; nothing else about a script depends on where it comes from).
 * Values are opaque to the scripts: what they must know (person, role, order) stands in front of the JSON, on its own line.
 */
const prelude = `
local META, INBOX, SEEN, SESSION, LINES, ENTRIES, OUTBOX = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local function now()
  if ARGV[1] ~= '' then return tonumber(ARGV[1]) end
  local t = redis.call('TIME')
  return tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
end
local function int(n) return string.format('%.0f', n) end
-- A lease holds until somebody else has taken it, also when its time is over.
local function holds(fence, holder)
  local m = redis.call('HMGET', META, 'fence', 'holder')
  return m[1] == fence and m[2] == holder
end
local function letgo() redis.call('HDEL', META, 'holder', 'until', 'touched') end
-- The fence must outlive a removed session for as long as anything old may still try to write.
local function keep(ms)
  if redis.call('EXISTS', SESSION, INBOX) == 0 then redis.call('PEXPIRE', META, ms) else redis.call('PERSIST', META) end
end
local function drop(id)
  redis.call('ZREM', LINES, id)
  redis.call('HDEL', ENTRIES, 'e:' .. id, 'f:' .. id)
end
-- Reads "<count> (<id> <value> <feedback>)*" from ARGV at i; returns the place behind it.
local function put(i, cap)
  local added = false
  local n = tonumber(ARGV[i])
  i = i + 1
  for _ = 1, n do
    local id = ARGV[i]
    redis.call('HSET', ENTRIES, 'e:' .. id, ARGV[i + 1])
    if ARGV[i + 2] == '' then redis.call('HDEL', ENTRIES, 'f:' .. id) else redis.call('HSET', ENTRIES, 'f:' .. id, ARGV[i + 2]) end
    if not redis.call('ZSCORE', LINES, id) then
      redis.call('ZADD', LINES, redis.call('HINCRBY', META, 'line', 1), id)
      added = true
    end
    i = i + 3
  end
  if added then
    local over = redis.call('ZCARD', LINES) - cap
    if over > 0 then
      for _, id in ipairs(redis.call('ZRANGE', LINES, 0, over - 1)) do drop(id) end
    end
  end
  return i
end
-- Reads "<count> (<field> <json>)*" from ARGV at i and makes them the whole session; returns the place behind it.
local function state(i)
  local n = tonumber(ARGV[i])
  redis.call('DEL', SESSION)
  for k = 1, n do redis.call('HSET', SESSION, ARGV[i + 2 * k - 1], ARGV[i + 2 * k]) end
  return i + 1 + 2 * n
end
local function person(value) return string.match(value, '^[^\\n]*\\n([^\\n]*)\\n') end
`;

/** keepMs as second argument → { 1 there was one or 0, entries that went, person* } */
const removal = `
local found = redis.call('EXISTS', SESSION, INBOX)
local people = {}
local owner = redis.call('HGET', SESSION, 'ownerId')
if owner then people[owner] = true end
for _, key in ipairs({ INBOX, ENTRIES }) do
  for _, value in ipairs(redis.call('HVALS', key)) do
    local who = person(value)
    if who and who ~= '' then people[who] = true end
  end
end
local answer = { found > 0 and 1 or 0, redis.call('ZCARD', LINES) }
for who in pairs(people) do answer[#answer + 1] = who end
redis.call('DEL', INBOX, SESSION, LINES, ENTRIES, OUTBOX)
redis.call('HINCRBY', META, 'fence', 1)
letgo()
keep(ARGV[2])
return answer`;

export const sessionScripts = {
  /** now, dedupeMs, message id, person, message → 1 recorded, 0 duplicate */
  record: `
local t = now()
redis.call('ZREMRANGEBYSCORE', SEEN, '-inf', int(t))
if redis.call('ZSCORE', SEEN, ARGV[3]) then return 0 end
redis.call('ZADD', SEEN, int(t + tonumber(ARGV[2])), ARGV[3])
redis.call('PEXPIRE', SEEN, ARGV[2])
if redis.call('HEXISTS', INBOX, ARGV[3]) == 1 then return 0 end
local seq = redis.call('HINCRBY', META, 'inbox', 1)
redis.call('HSET', INBOX, ARGV[3], int(seq) .. '\\n' .. ARGV[4] .. '\\n' .. ARGV[5])
redis.call('PERSIST', META)
return 1`,

  /** now, message id, the value it has, its new value → 1 replaced, 0 it is another by now or gone */
  amend: `
if redis.call('HGET', INBOX, ARGV[2]) ~= ARGV[3] then return 0 end
redis.call('HSET', INBOX, ARGV[2], ARGV[4])
return 1`,

  /** now, message id, keepMs → 1 gone, 0 there was none or a reply is on its way */
  withdraw: `
local rows = redis.call('HGETALL', OUTBOX)
for i = 1, #rows, 2 do
  if string.sub(rows[i], 1, 2) == 's:' then
    for _, id in ipairs(cjson.decode(string.match(rows[i + 1], '^[^\\n]*'))) do
      if id == ARGV[2] then return 0 end
    end
  end
end
local gone = redis.call('HDEL', INBOX, ARGV[2])
keep(ARGV[3])
return gone`,

  /** now, holder, ttlMs, keepMs → fence, or 0 while another live holder has it */
  acquire: `
local t = now()
local m = redis.call('HMGET', META, 'holder', 'until')
if m[1] and m[1] ~= ARGV[2] and tonumber(m[2]) > t then return 0 end
local fence = redis.call('HINCRBY', META, 'fence', 1)
redis.call('HSET', META, 'holder', ARGV[2], 'until', int(t + tonumber(ARGV[3])))
redis.call('HDEL', META, 'touched')
keep(ARGV[4])
return fence`,

  /** now, fence, holder, ttlMs → 1 renewed, 0 lost */
  renew: `
if not holds(ARGV[2], ARGV[3]) then return 0 end
redis.call('HSET', META, 'until', int(now() + tonumber(ARGV[4])))
return 1`,

  /** now, fence, holder, keepMs → released | kept | lost */
  releaseIfInboxEmpty: `
if not holds(ARGV[2], ARGV[3]) then return 'lost' end
if redis.call('EXISTS', INBOX) == 1 then return 'kept' end
letgo()
keep(ARGV[4])
return 'released'`,

  /** now, fence, holder, keepMs */
  release: `
if holds(ARGV[2], ARGV[3]) then letgo() keep(ARGV[4]) end
return 1`,

  /** now, fence, holder → the values of the inbox, nil when lost */
  pending: `
if not holds(ARGV[2], ARGV[3]) then return false end
return redis.call('HVALS', INBOX)`,

  /** now, fence or '', holder, cap, state, entries → 1 created, 0 exists, -1 lost */
  create: `
if ARGV[2] ~= '' and not holds(ARGV[2], ARGV[3]) then return -1 end
if redis.call('EXISTS', SESSION) == 1 then return 0 end
put(state(5), tonumber(ARGV[4]))
redis.call('PERSIST', META)
return 1`,

  /** now, fence, holder, cap, turn, state, removed entries, entries, consumed messages → 1 written, 0 lost */
  commit: `
if not holds(ARGV[2], ARGV[3]) then return 0 end
local kept = {}
for field in string.gmatch(redis.call('HGET', META, 'touched') or '', '[^,]+') do
  kept[field] = redis.call('HGET', SESSION, field)
end
local i = state(6)
for field, value in pairs(kept) do
  if value then redis.call('HSET', SESSION, field, value) else redis.call('HDEL', SESSION, field) end
end
redis.call('HDEL', META, 'touched')
local n = tonumber(ARGV[i])
for k = i + 1, i + n do drop(ARGV[k]) end
i = put(i + n + 1, tonumber(ARGV[4]))
for k = i + 1, i + tonumber(ARGV[i]) do redis.call('HDEL', INBOX, ARGV[k]) end
for _, field in ipairs(redis.call('HKEYS', OUTBOX)) do
  local name = string.sub(field, 3)
  if string.sub(name, 1, #ARGV[5] + 1) == ARGV[5] .. ':' then redis.call('HDEL', OUTBOX, field) end
end
redis.call('PERSIST', META)
return 1`,

  /** now, (field, json or '' to remove)* → the session as HGETALL, nil if there is none */
  update: `
if redis.call('EXISTS', SESSION) == 0 then return false end
local touched = redis.call('HGET', META, 'touched') or ''
for i = 2, #ARGV, 2 do
  if ARGV[i + 1] == '' then redis.call('HDEL', SESSION, ARGV[i]) else redis.call('HSET', SESSION, ARGV[i], ARGV[i + 1]) end
  touched = touched .. ARGV[i] .. ','
end
if redis.call('HEXISTS', META, 'holder') == 1 then redis.call('HSET', META, 'touched', touched) end
return redis.call('HGETALL', SESSION)`,

  /** now, keepMs → { 1 there was one or 0, entries that went, person* } */
  remove: removal,

  /** now, keepMs, time → as remove, where it was last changed before that time and nothing waits or is answered in it */
  expire: `
local at = redis.call('HGET', SESSION, 'updatedAt')
if not at or tonumber(at) >= tonumber(ARGV[3]) or redis.call('EXISTS', INBOX, OUTBOX) > 0 then return { 0, 0 } end
${removal}`,

  /** now, entry id*: they go */
  dropLines: `
for i = 2, #ARGV do drop(ARGV[i]) end
return 1`,

  /**
   * now, person, keepMs → entries that went from a session of others, -1 where the session is the person's own. A turn that may
   * be answering their waiting messages loses its lease, and replies on their way go unless they also answer somebody else.
   */
  forget: `
local who = ARGV[2]
if redis.call('HGET', SESSION, 'ownerId') == who then return -1 end
local gone = 0
local all = redis.call('HGETALL', ENTRIES)
for i = 1, #all, 2 do
  if string.sub(all[i], 1, 2) == 'e:' and person(all[i + 1]) == who then
    drop(string.sub(all[i], 3))
    gone = gone + 1
  end
end
local erased = {}
local waiting = redis.call('HGETALL', INBOX)
for i = 1, #waiting, 2 do
  if person(waiting[i + 1]) == who then
    redis.call('HDEL', INBOX, waiting[i])
    erased[waiting[i]] = true
  end
end
if next(erased) then
  redis.call('HINCRBY', META, 'fence', 1)
  letgo()
  keep(ARGV[3])
  local out = redis.call('HGETALL', OUTBOX)
  for i = 1, #out, 2 do
    if string.sub(out[i], 1, 2) == 's:' then
      local hit, left = false, false
      for _, id in ipairs(cjson.decode(string.match(out[i + 1], '^[^\\n]*'))) do
        if erased[id] then hit = true end
        if redis.call('HEXISTS', INBOX, id) == 1 then left = true end
      end
      if hit and not left then redis.call('HDEL', OUTBOX, out[i], 'r:' .. string.sub(out[i], 3)) end
    end
  end
end
return gone`,

  /** now, limit, before or '+inf' → { 1 if more lie before or 0, (line, value, feedback)* } newest first */
  page: `
local limit = tonumber(ARGV[2])
local found = redis.call('ZREVRANGEBYSCORE', LINES, ARGV[3], '-inf', 'WITHSCORES', 'LIMIT', 0, limit + 1)
local answer = { #found > 2 * limit and 1 or 0 }
for i = 1, math.min(#found, 2 * limit), 2 do
  answer[#answer + 1] = found[i + 1]
  answer[#answer + 1] = redis.call('HGET', ENTRIES, 'e:' .. found[i])
  answer[#answer + 1] = redis.call('HGET', ENTRIES, 'f:' .. found[i]) or ''
end
return answer`,

  /** now, entry id, feedback or '' → 1 set, 0 no such supporter entry */
  feedback: `
local value = redis.call('HGET', ENTRIES, 'e:' .. ARGV[2])
if not value or string.match(value, '^[^\\n]*') ~= 'supporter' then return 0 end
if ARGV[3] == '' then redis.call('HDEL', ENTRIES, 'f:' .. ARGV[2]) else redis.call('HSET', ENTRIES, 'f:' .. ARGV[2], ARGV[3]) end
return 1`,

  /** now, fence, holder, "<turn>:<n>", segment, receipt or '' → 1 written, 0 lost */
  intend: `
if not holds(ARGV[2], ARGV[3]) then return 0 end
redis.call('HSET', OUTBOX, 's:' .. ARGV[4], ARGV[5])
if ARGV[6] ~= '' then redis.call('HSETNX', OUTBOX, 'r:' .. ARGV[4], ARGV[6]) end
return 1`,

  /** now, "<turn>:<n>", receipt */
  receipt: `
if redis.call('HEXISTS', OUTBOX, 's:' .. ARGV[2]) == 1 then redis.call('HSET', OUTBOX, 'r:' .. ARGV[2], ARGV[3]) end
return 1`,
} as const;

/** Scripts on the index of sessions that may have work: one key, now first. */
export const indexScripts = {
  /** now, session: it may have work */
  touch: `
redis.call('ZADD', META, int(now()), ARGV[2])
return 1`,

  /** now, graceMs, session*: those without work go, unless they were touched within the grace time */
  clean: `
local latest = now() - tonumber(ARGV[2])
for i = 3, #ARGV do
  local at = redis.call('ZSCORE', META, ARGV[i])
  if at and tonumber(at) <= latest then redis.call('ZREM', META, ARGV[i]) end
end
return 1`,
} as const;

/** Scripts on one counter: one key, now first. */
export const counterScripts = {
  /** now, ttlMs, by → the new count; the time to live is set by the first */
  increment: `
local count = redis.call('INCRBY', META, ARGV[3])
if count == tonumber(ARGV[3]) then redis.call('PEXPIRE', META, ARGV[2]) end
return count`,
} as const;

/** Scripts on one key that holds a text, or the times of sessions: now first. */
export const valueScripts = {
  /** now, field, the value it has, its new value → 1 replaced, 0 it is another by now or gone */
  replaceField: `
if redis.call('HGET', META, ARGV[2]) ~= ARGV[3] then return 0 end
redis.call('HSET', META, ARGV[2], ARGV[4])
return 1`,

  /** now, member of a sorted set, before what score, its new score → 1 moved, 0 it has another by now */
  moveIfBelow: `
local at = redis.call('ZSCORE', META, ARGV[2])
if not at or tonumber(at) >= tonumber(ARGV[3]) then return 0 end
redis.call('ZADD', META, ARGV[4], ARGV[2])
return 1`,

  /** now, member of a sorted set, the score it has → 1 gone, 0 it has another by now */
  dropIfAt: `
local at = redis.call('ZSCORE', META, ARGV[2])
if not at or tonumber(at) ~= tonumber(ARGV[3]) then return 0 end
return redis.call('ZREM', META, ARGV[2])`,

  /** now, the value it has → 1 gone, 0 it is another by now */
  removeIf: `
if redis.call('GET', META) ~= ARGV[2] then return 0 end
redis.call('DEL', META)
return 1`,

  /** now, the value it has, its new value → 1 replaced, keeping its time to live; 0 it is another by now or gone */
  replace: `
if redis.call('GET', META) ~= ARGV[2] then return 0 end
redis.call('SET', META, ARGV[3], 'KEEPTTL')
return 1`,
} as const;

export type SessionScript = keyof typeof sessionScripts;
export type IndexScript = keyof typeof indexScripts;
export type ValueScript = keyof typeof valueScripts;
export type CounterScript = keyof typeof counterScripts;

/** The whole text of a script. */
export function luaOf(body: string): string {
  return prelude + body;
}
