--[[
Upstream and load generator of the benches, in one process on one core (LuaJIT, no packages).

It answers every request on the upstream port with the same 1,024 bytes, and takes commands on standard input, one line each:
  count                         -> {"answer":"count","served":N}: requests that the upstream has answered
  run key=value ...             -> {"answer":"run",...} when it is over
    port, connections, seconds  where to, how many at a time, how long
    requests                    file of complete requests; they are sent in turn
    rate                        requests per second of an open loop; 0 is a closed loop
    latencies                   file for the latencies: 32-bit integers, microseconds, little-endian
Every answer must be a 200 with exactly the upstream's body; anything else is counted as wrong. In an open loop a latency begins
when the request was due, not when it could be sent (no coordinated omission); what is unfinished at the end counts with its age.
]]
local ffi = require('ffi')

ffi.cdef [[
typedef struct { uint16_t family; uint16_t port; uint32_t address; char zero[8]; } sockaddr_in;
typedef struct { long seconds; long nanoseconds; } timespec;
typedef struct { timespec interval; timespec value; } itimerspec;
int socket(int, int, int);
int connect(int, const void *, unsigned);
int bind(int, const void *, unsigned);
int listen(int, int);
int accept4(int, void *, void *, int);
int setsockopt(int, int, int, const void *, unsigned);
long recv(int, void *, size_t, int);
long send(int, const void *, size_t, int);
long read(int, void *, size_t);
int close(int);
int epoll_create1(int);
int epoll_ctl(int, int, int, void *);
int epoll_wait(int, void *, int, int);
int timerfd_create(int, int);
int timerfd_settime(int, int, const itimerspec *, itimerspec *);
int clock_gettime(int, timespec *);
uint16_t htons(uint16_t);
int memcmp(const void *, const void *, size_t);
void *memmem(const void *, size_t, const void *, size_t);
]]
-- The kernel's struct is packed on x86-64 only.
if ffi.arch == 'x64' then
  ffi.cdef 'typedef struct { uint32_t events; int32_t fd; int32_t unused; } __attribute__((packed)) epoll_event;'
else
  ffi.cdef 'typedef struct { uint32_t events; uint32_t padding; int32_t fd; int32_t unused; } epoll_event;'
end

local C = ffi.C
local AF_INET, SOCK_STREAM, NONBLOCK, DONTWAIT_NOSIGNAL = 2, 1, 0x800, 0x4040
local EPOLL_ADD, EPOLLIN, MONOTONIC, EAGAIN = 1, 1, 1, 11
local LOOPBACK = ffi.abi('le') and 0x0100007f or 0x7f000001
local CLIENT, SERVER, LISTENER, TIMER, COMMANDS = 1, 2, 3, 4, 5

local body = string.rep('0123456789abcdef', 64)
local answer = table.concat({
  'HTTP/1.1 200 OK',
  'Date: Thu, 01 Jan 2026 00:00:00 GMT',
  'Server: upstream',
  'Content-Type: text/plain',
  'Content-Length: ' .. #body,
  '\r\n',
}, '\r\n') .. body
local statusLine = 'HTTP/1.1 200 '
local maxFds, maxSamples = 65536, 4 * 1024 * 1024

local poller = C.epoll_create1(0)
local event = ffi.new('epoll_event')
local events = ffi.new('epoll_event[512]')
local buffer = ffi.new('char[65536]')
local role = ffi.new('uint8_t[?]', maxFds)
local startedAt = ffi.new('double[?]', maxFds) -- when the request in flight on a client was due; 0: none in flight
local carried = {} -- the part of an answer that has come, by client
local latencies = ffi.new('int32_t[?]', maxSamples)
local served, run, pendingInput = 0, nil, ''

local clock = ffi.new('timespec')
local function now()
  C.clock_gettime(MONOTONIC, clock)
  return tonumber(clock.seconds) * 1e6 + tonumber(clock.nanoseconds) / 1e3
end

local function watch(fd, as)
  assert(fd >= 0 and fd < maxFds, 'no descriptor')
  role[fd] = as
  event.events, event.fd = EPOLLIN, fd
  assert(C.epoll_ctl(poller, EPOLL_ADD, fd, event) == 0, 'epoll_ctl')
end

local one = ffi.new('int[1]', 1)
local function setNoDelay(fd)
  C.setsockopt(fd, 6, 1, one, 4)
end

local function forget(fd)
  role[fd] = 0
  carried[fd] = nil
  C.close(fd)
end

local function addressOf(port)
  local address = ffi.new('sockaddr_in')
  address.family, address.port, address.address = AF_INET, C.htons(port), LOOPBACK
  return address
end

-- Upstream ---------------------------------------------------------------------------------------------------------------

local function listen(port)
  local fd = C.socket(AF_INET, SOCK_STREAM, 0)
  C.setsockopt(fd, 1, 2, one, 4)
  assert(C.bind(fd, addressOf(port), 16) == 0, 'bind')
  assert(C.listen(fd, 1024) == 0, 'listen')
  watch(fd, LISTENER)
end

local function accept(listener)
  local fd = C.accept4(listener, nil, nil, NONBLOCK)
  if fd < 0 then return end
  setNoDelay(fd)
  watch(fd, SERVER)
end

-- Requests have no body: one is complete when a read ends with an empty line.
local function serve(fd)
  local length = C.recv(fd, buffer, 65536, DONTWAIT_NOSIGNAL)
  if length <= 0 then
    if length == 0 or ffi.errno() ~= EAGAIN then forget(fd) end
  elseif length >= 4 and C.memcmp(buffer + (length - 4), '\r\n\r\n', 4) == 0 then
    if C.send(fd, answer, #answer, DONTWAIT_NOSIGNAL) == #answer then served = served + 1 else forget(fd) end
  end
end

-- Generator --------------------------------------------------------------------------------------------------------------

local function sendNext(fd, due)
  local position = run.position + 1
  if position > run.total then position = 1 end
  run.position = position
  local request = run.list[position]
  startedAt[fd] = due
  if C.send(fd, request, #request, DONTWAIT_NOSIGNAL) ~= #request then run.failed = run.failed + 1 end
end

local function connect()
  local fd = C.socket(AF_INET, SOCK_STREAM, 0)
  assert(C.connect(fd, addressOf(run.port), 16) == 0, 'the target refuses connections')
  setNoDelay(fd)
  watch(fd, CLIENT)
  startedAt[fd] = 0
  run.clients[fd] = true
  run.idle[#run.idle + 1] = fd
end

local function record(latency)
  if run.samples < maxSamples then
    latencies[run.samples] = latency
    run.samples = run.samples + 1
  end
end

local function dueAt(index)
  return run.begun + index * 1e6 / run.rate
end

-- In an open loop sends what is due on connections that are free; in a closed one keeps all of them busy.
local function sendDue(time)
  if run.rate == 0 then
    while #run.idle > 0 do sendNext(table.remove(run.idle), time) end
    return
  end
  while dueAt(run.sent) <= time and dueAt(run.sent) < run.ends do
    local fd = table.remove(run.idle)
    if fd == nil then
      run.wasFull = true
      return
    end
    local due = dueAt(run.sent)
    if not run.wasFull and time - due > 300 then run.late = run.late + 1 end
    run.sent = run.sent + 1
    sendNext(fd, due)
  end
  run.wasFull = false
end

local function finishAnswer(fd, isRight)
  local time = now()
  if not isRight then run.wrong = run.wrong + 1 end
  run.done = run.done + 1
  record(time - startedAt[fd])
  startedAt[fd] = 0
  if run.rate == 0 and time < run.ends then
    sendNext(fd, time)
  else
    run.idle[#run.idle + 1] = fd
    if run.rate > 0 then sendDue(time) end
  end
end

local function reconnect(fd)
  if startedAt[fd] ~= 0 then run.failed = run.failed + 1 end
  forget(fd)
  run.clients[fd] = nil
  for position, idle in ipairs(run.idle) do
    if idle == fd then table.remove(run.idle, position) break end
  end
  if now() < run.ends then
    assert(run.failed < 1000, 'the target closes its connections')
    connect()
    sendDue(now())
  end
end

local function receive(fd)
  local length = C.recv(fd, buffer, 65536, DONTWAIT_NOSIGNAL)
  if length <= 0 then
    if length == 0 or ffi.errno() ~= EAGAIN then reconnect(fd) end
    return
  end
  local before = carried[fd]
  if before then
    local whole = before .. ffi.string(buffer, length)
    length = math.min(#whole, 65536)
    ffi.copy(buffer, whole, length)
    carried[fd] = nil
  end
  if startedAt[fd] == 0 then
    run.wrong = run.wrong + 1
    return
  end
  local ending = ffi.cast('char *', C.memmem(buffer, length, '\r\n\r\n', 4))
  local bodyAt = ending == nil and length or tonumber(ending - buffer) + 4
  if ending == nil or length < bodyAt + #body then
    local isHopeless = length > 32768 or (length >= #statusLine and C.memcmp(buffer, statusLine, #statusLine) ~= 0)
    if isHopeless then return finishAnswer(fd, false) end
    carried[fd] = ffi.string(buffer, length)
    return
  end
  finishAnswer(
    fd,
    length == bodyAt + #body
      and C.memcmp(buffer, statusLine, #statusLine) == 0
      and C.memcmp(buffer + bodyAt, body, #body) == 0
  )
end

-- Commands ---------------------------------------------------------------------------------------------------------------

local function reply(format, ...)
  io.stdout:write(string.format(format, ...), '\n')
  io.stdout:flush()
end

local function readAll(path)
  local file = assert(io.open(path, 'rb'))
  local content = file:read('*a')
  file:close()
  return content
end

local function splitRequests(content)
  local list = {}
  for request in content:gmatch('.-\r\n\r\n') do list[#list + 1] = request end
  assert(#list > 0, 'no requests')
  return list
end

local lists = {}
local ticks = C.timerfd_create(MONOTONIC, NONBLOCK)
local function setTimer(rate)
  local timing = ffi.new('itimerspec')
  if rate > 0 then
    timing.interval.nanoseconds = math.floor(1e9 / rate)
    timing.value.nanoseconds = timing.interval.nanoseconds
  end
  C.timerfd_settime(ticks, 0, timing, nil)
end

local function startRun(options)
  lists[options.requests] = lists[options.requests] or splitRequests(readAll(options.requests))
  local list = lists[options.requests]
  run = {
    port = tonumber(options.port), rate = tonumber(options.rate), latencies = options.latencies,
    list = list, total = #list, position = 0, clients = {}, idle = {},
    sent = 0, done = 0, wrong = 0, failed = 0, late = 0, samples = 0, wasFull = false,
  }
  for _ = 1, tonumber(options.connections) do connect() end
  run.begun = now()
  run.ends = run.begun + tonumber(options.seconds) * 1e6
  setTimer(run.rate)
  sendDue(run.begun)
end

-- Over when the time is up and every answer has come; two seconds later at the latest.
local function isOver(time)
  if time < run.ends then return false end
  if time > run.ends + 2e6 then return true end
  for fd in pairs(run.clients) do
    if startedAt[fd] ~= 0 then return false end
  end
  return run.rate == 0 or dueAt(run.sent) >= run.ends
end

local function finishRun(time)
  setTimer(0)
  local unfinished = 0
  for fd in pairs(run.clients) do
    if startedAt[fd] ~= 0 then
      unfinished = unfinished + 1
      record(time - startedAt[fd])
    end
    forget(fd)
  end
  while run.rate > 0 and dueAt(run.sent) < run.ends do
    unfinished = unfinished + 1
    record(time - dueAt(run.sent))
    run.sent = run.sent + 1
  end
  local file = assert(io.open(run.latencies, 'wb'))
  file:write(ffi.string(latencies, run.samples * 4))
  file:close()
  reply(
    '{"answer":"run","done":%d,"wrong":%d,"failed":%d,"unfinished":%d,"late":%d}',
    run.done, run.wrong, run.failed, unfinished, run.late
  )
  run = nil
end

local function command(line)
  local name, rest = line:match('^(%S+)%s*(.*)$')
  if name == 'count' then return reply('{"answer":"count","served":%d}', served) end
  assert(name == 'run' and not run, 'unknown command')
  local options = {}
  for key, value in rest:gmatch('(%w+)=(%S+)') do options[key] = value end
  startRun(options)
end

local function readCommands()
  local length = C.read(0, buffer, 65536)
  if length <= 0 then os.exit(0) end
  pendingInput = pendingInput .. ffi.string(buffer, length)
  for line in pendingInput:gmatch('([^\n]*)\n') do command(line) end
  pendingInput = pendingInput:match('[^\n]*$')
end

listen(tonumber(arg[1]))
watch(0, COMMANDS)
watch(ticks, TIMER)
reply('{"answer":"ready"}')
while true do
  local count = C.epoll_wait(poller, events, 512, run and 50 or -1)
  for index = 0, count - 1 do
    local fd = events[index].fd
    local as = role[fd]
    if as == SERVER then serve(fd)
    elseif as == CLIENT then receive(fd)
    elseif as == LISTENER then accept(fd)
    elseif as == COMMANDS then readCommands()
    elseif as == TIMER then
      C.read(fd, buffer, 8)
      if run then sendDue(now()) end
    end
  end
  if run then
    local time = now()
    if isOver(time) then finishRun(time) end
  end
end
