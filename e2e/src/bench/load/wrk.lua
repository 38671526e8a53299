-- Checks every answer that wrk gets, and ends with one line of JSON.
local body = string.rep('0123456789abcdef', 64)
local threads = {}
wrong = 0

function setup(thread)
  threads[#threads + 1] = thread
end

function response(status, headers, content)
  if status ~= 200 or content ~= body then wrong = wrong + 1 end
end

function done(summary)
  local wrongInAll = 0
  for _, thread in ipairs(threads) do wrongInAll = wrongInAll + thread:get('wrong') end
  local errors = summary.errors
  local lost = errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format('{"done":%d,"wrong":%d,"lost":%d}\n', summary.requests, wrongInAll, lost))
end
