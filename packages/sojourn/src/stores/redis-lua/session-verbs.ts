import { place } from './record.ts'

/** The verbs of single sessions, and of what is no session, each the end of a script. */

/**
 * What is known of a session, much of it as it stands: reading it here, and telling it value by value, would take the server longer
 * than all the rest. The watermark is looked for only where there is one of the realm or of the subject.
 */
export const found = String.raw`
local function foundOf(id)
  local values = redis.call('HGETALL', T .. 'session:' .. id)
  if #values == 0 then return nil end
  local fields, data = {}, {}
  for i = 1, #values, 2 do
    local name = values[i]
    if string.byte(name) == 34 then data[#data + 1] = name .. ':' .. values[i + 1] else fields[name] = values[i + 1] end
  end
  local length, scope = string.match(fields.scope or '', '^(%d+)():')
  if not length or not fields.row or not fields.seen or not fields.secret then return { 'damaged' } end
  local mark = false
  local subjects = T .. 'marks:' .. fields.scope
  if redis.call('EXISTS', string.sub(subjects, 1, #T + 6 + scope + length), subjects) > 0 then
    local row = valuesOf(fields.row, fields.seen)
    if not row then return { 'damaged' } end
    mark = markOf({
      realm = row[${place('realm')}],
      subject = row[${place('subject')}],
      method = row[${place('method')}],
      policy = row[${place('policy')}],
      createdAt = row[${place('createdAt')}],
    })
  end
  return {
    fields.row, fields.seen, mark and mark.at or false, mark and mark.reason or false, fields.secret,
    fields.previous or false, fields.confirmed and 1 or 0, '{' .. table.concat(data, ',') .. '}', fields.refresh or false,
  }
end
`

export const findVerb = String.raw`
return foundOf(ARGV[1])
`

export const touchVerb = String.raw`
for _, entry in ipairs(args.entries) do
  local s = load(entry.id)
  if s and lives(s, entry.at) then
    local fields = {}
    if entry.at > s.lastSeenAt or (entry.at == s.lastSeenAt and entry.lag < s.lag) then
      s.lastSeenAt, s.lag = entry.at, entry.lag
      fields = { 'seen', seenOf(s) }
    end
    if entry.confirm or entry.rehash then
      local secret, used = redis.call('HGET', sessionKey(s.id), 'secret'), #fields
      if entry.confirm == secret and not s.confirmed then
        s.confirmed = true
        fields[#fields + 1], fields[#fields + 2] = 'confirmed', '1'
      end
      if entry.rehash and entry.rehash.from == secret then
        fields[#fields + 1], fields[#fields + 2] = 'secret', entry.rehash.to
      end
      if #fields > used then tellChanged(s.id) end
    end
    if #fields > 0 then redis.call('HSET', sessionKey(s.id), unpack(fields)) end
  end
end
return 1
`

/** Answers with the record, so that one that was damaged is noticed. */
export const regenerateVerb = String.raw`
local s = load(args.id)
if not s then return { redis.call('EXISTS', sessionKey(args.id)) == 1 and 'damaged' or 'gone' } end
if not lives(s, args.at) then return { 'gone' } end
local name = sessionKey(s.id)
if redis.call('HGET', name, 'secret') ~= args.from then return { 'lost', foundOf(s.id) } end
change(s, function()
  s.regeneratedAt = args.at
  if args.elevation then
    for column, value in pairs(args.elevation) do s[column] = value ~= cjson.null and value end
  end
end)
redis.call('HSET', name, 'secret', args.to, 'previous', args.from)
redis.call('HDEL', name, 'confirmed')
tellChanged(s.id)
return { 'regenerated', foundOf(s.id) }
`

export const writeVerb = String.raw`
local s = load(args.id)
if not s then return { redis.call('EXISTS', sessionKey(args.id)) == 1 and 'damaged' or 'gone' } end
if not lives(s, args.at) then return { 'gone' } end
if args.ifRevision and args.ifRevision ~= s.revision then return { 'conflict', s.revision } end
local changed, refused = patched(s.id, args.patch)
if refused then return refused end
local name = sessionKey(s.id)
s.revision = s.revision + 1
save(s)
for field, text in pairs(changed) do
  if text then redis.call('HSET', name, field, text) else redis.call('HDEL', name, field) end
end
tellChanged(s.id)
return { 'written', foundOf(s.id) }
`

export const voidVerb = String.raw`
local scope = { realm = args.realm, subject = args.subject or false, method = args.method or false, policy = args.policy or false }
local name, field = marksKey(scope), scopeField(scope.method, scope.policy)
local before = readMark(redis.call('HGET', name, field))
if before and before.at >= args.at then return 0 end
local text = packed({ scope.realm, scope.subject, scope.method, scope.policy })
redis.call('HSET', name, field, num(args.at) .. ' ' .. args.reason)
redis.call('SADD', T .. 'realms', scope.realm)
redis.call('ZADD', key('unswept', scope.realm), num(args.at), text)
redis.call('ZREM', key('swept', scope.realm), text)
redis.call('HDEL', T .. 'progress', text)
tell(args.told)
return 1
`

export const leaseVerb = String.raw`
local held, holder = string.match(redis.call('HGET', T .. 'leases', args.job) or '', '^(%-?%d+) (.*)$')
if held and holder ~= args.holder and args.at <= tonumber(held) then return 0 end
redis.call('HSET', T .. 'leases', args.job, num(args.till) .. ' ' .. args.holder)
return 1
`

/** The cursors of one life of the server name it: what another life lost may stand behind them. */
export const changesVerb = String.raw`
local life = string.sub(string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)'), 1, 8)
local last, place = lastTold(), args.place
if args.fresh then return { 0, life .. '-' .. num(last), {} } end
local isKept = args.life == life and place and place <= last
if isKept and place < last then
  local first = numberOf(redis.call('XRANGE', T .. 'changes', '-', '+', 'COUNT', 1)[1])
  isKept = place >= first - 1
end
if not isKept then return { 1, life .. '-' .. num(last), {} } end
local told = {}
for i, entry in ipairs(redis.call('XRANGE', T .. 'changes', '0-' .. num(place + 1), '+', 'COUNT', args.limit)) do
  told[i] = entry[2][2]
end
return { 0, life .. '-' .. num(place + #told), told }
`

/** What is asked of a server before the first verb. */
export const openVerb = String.raw`
local layout = redis.call('GET', T .. 'layout')
if not layout then
  redis.call('SET', T .. 'layout', args.layout)
  layout = args.layout
end
return { layout, redis.call('INFO', 'memory'), redis.call('INFO', 'server') }
`
