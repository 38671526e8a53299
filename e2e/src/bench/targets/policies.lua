-- key-auth, limit-count and Prometheus counters for nginx, in the way that gateways made of nginx and Lua have them: routes and
-- keys in Lua tables, windows in shared memory, metrics counted per worker and flushed to shared memory every second.
local policies = {}

local buckets = { 1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000 }
local consumers, routes, limit, window
local calls, latencies = {}, {}
local limits, metrics = ngx.shared.limits, ngx.shared.metrics

function policies.load(settings)
  limit, window = settings.count, settings.window
  routes = {}
  for number = 0, settings.routes - 1 do routes['r' .. number] = 'r' .. number end
  if settings.keys > 0 then
    consumers = {}
    for number = 0, settings.keys - 1 do consumers[string.format('bench-key-%05d', number)] = 'c' .. number end
  end
end

local function refuse(status, message)
  ngx.status = status
  ngx.header['Content-Type'] = 'application/json'
  ngx.print('{"message":"' .. message .. '"}')
  return ngx.exit(status)
end

function policies.access()
  local var, context = ngx.var, ngx.ctx
  local segment = string.match(var.uri, '^/([^/]+)/')
  local route = segment and routes[segment]
  if not route then return refuse(404, '404 Route Not Found') end
  context.route = route

  local subject
  if consumers then
    local key = var.http_apikey
    if not key then return refuse(401, 'Missing API key in request') end
    local consumer = consumers[key]
    if not consumer then return refuse(401, 'Invalid API key in request') end
    context.consumer, subject = consumer, consumer
  else
    subject = var.remote_addr
  end

  local name = route .. ' ' .. subject
  local used = limits:incr(name, 1, 0, window)
  local header = ngx.header
  header['X-RateLimit-Limit'] = limit
  header['X-RateLimit-Remaining'] = math.max(0, limit - used)
  header['X-RateLimit-Reset'] = math.ceil(limits:ttl(name))
  if used > limit then return refuse(503, 'Too many requests') end
end

function policies.log()
  local context = ngx.ctx
  local route, consumer = context.route or '', context.consumer or ''
  local name = ngx.status .. '|' .. route .. '|' .. consumer
  calls[name] = (calls[name] or 0) + 1

  local histogram = latencies[route]
  if not histogram then
    histogram = { sum = 0, count = 0 }
    for position = 1, #buckets do histogram[position] = 0 end
    latencies[route] = histogram
  end
  local latency = (ngx.now() - ngx.req.start_time()) * 1000
  histogram.sum, histogram.count = histogram.sum + latency, histogram.count + 1
  for position = 1, #buckets do
    if latency <= buckets[position] then
      histogram[position] = histogram[position] + 1
      break
    end
  end
end

local function flush()
  for name, count in pairs(calls) do metrics:incr('calls|' .. name, count, 0) end
  for route, histogram in pairs(latencies) do
    for position = 1, #buckets do
      if histogram[position] > 0 then metrics:incr('latency|' .. route .. '|' .. buckets[position], histogram[position], 0) end
    end
    metrics:incr('sum|' .. route, histogram.sum, 0)
    metrics:incr('count|' .. route, histogram.count, 0)
  end
  calls, latencies = {}, {}
end

function policies.start()
  ngx.timer.every(1, flush)
end

return policies
