import { sessionColumns } from '../sql-row.ts'

const columns = Object.keys(sessionColumns)

/** The place of a column in a row, from 1. */
export const place = (column: keyof typeof sessionColumns): number => columns.indexOf(column) + 1

/**
 * Reads and writes a list of values as the text of a JSON array, which clients are told as it stands. Absence is `false`, so
 * that no list has a gap.
 */
export const lists = String.raw`
local function unpacked(text, length)
  if not text then return nil end
  local sound, values = pcall(cjson.decode, text)
  return sound and type(values) == 'table' and #values == length and values or nil
end

local function packed(values)
  local texts = {}
  for i, value in ipairs(values) do texts[i] = type(value) == 'number' and num(value) or cjson.encode(value) end
  return '[' .. table.concat(texts, ',') .. ']'
end

-- All columns in their order, or nil where the row is missing or what stands there is none. What a touch changes stands beside it.
local function valuesOf(row, seen)
  local values = unpacked(row, ${columns.length})
  local at, lag = string.match(seen or '', '^(%-?%d+) (%d+)$')
  if not values or not at then return nil end
  values[${place('lastSeenAt')}], values[${place('lag')}] = tonumber(at), tonumber(lag)
  return values
end
`

/** Reads and writes the hash of a session as a record. */
export const record = String.raw`
local columns = {${columns.map((name) => `'${name}'`).join(', ')}}

local function read(row, seen, refresh, confirmed)
  local values = valuesOf(row, seen)
  if not values then return nil end
  local s = {}
  for i, column in ipairs(columns) do s[column] = values[i] end
  local spent = unpacked(refresh, 4)
  s.refresh = spent and { hash = spent[1], expiresAt = spent[2], usedAt = spent[3], successor = spent[4] } or false
  s.confirmed = confirmed == '1'
  return s
end

local loaded = {}

local function load(id)
  if loaded[id] == nil then
    local found = redis.call('HMGET', sessionKey(id), 'row', 'seen', 'refresh', 'confirmed')
    loaded[id] = read(found[1], found[2], found[3], found[4]) or false
  end
  return loaded[id] or nil
end

local function packRefresh(r) return packed({ r.hash, r.expiresAt, r.usedAt, r.successor }) end

local function seenOf(s) return num(s.lastSeenAt) .. ' ' .. num(s.lag) end

-- All columns in their order, as a session is stored and answered.
local function told(s)
  local values = {}
  for i, column in ipairs(columns) do values[i] = s[column] end
  return values
end

local function pack(s) return packed(told(s)) end

-- Whose it is, as it stands in keys: the realm after its length, and the subject where there is one.
local function scopeOf(s)
  local realm = #s.realm .. ':' .. s.realm
  return s.subject and (realm .. ':' .. s.subject) or realm
end

-- A session as it was handed in.
local function given(values)
  local s = {}
  for i, column in ipairs(columns) do
    local value = values[i]
    if value == nil or value == cjson.null then value = false end
    s[column] = value
  end
  return s
end

-- Its row, and its refresh token or that it has none.
local function save(s)
  redis.call('HSET', sessionKey(s.id), 'row', pack(s))
  if s.refresh then redis.call('HSET', sessionKey(s.id), 'refresh', packRefresh(s.refresh))
  else redis.call('HDEL', sessionKey(s.id), 'refresh') end
end
`
