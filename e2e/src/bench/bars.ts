/** A figure that must not be above (or below) a limit. */
export interface Bar {
  figure: string;
  most?: number;
  least?: number;
  /** Enough instead of it. */
  or?: Bar;
}

/** What each bench must hold. Figures carry their unit in the name. */
export const bars: Readonly<Record<string, readonly Bar[]>> = {
  start: [
    { figure: 'secondStartSeconds', most: 10 },
    { figure: 'firstStartSeconds', most: 60 },
  ],
  footprint: [
    { figure: 'controlPlaneIdlePssMiB', most: 512 },
    { figure: 'controlPlaneLoadedPssMiB', most: 512 },
  ],
  web: [
    { figure: 'consoleFirstPaintMs', most: 1000 },
    { figure: 'consoleScriptKiB', most: 300 },
    { figure: 'consoleScriptFiles', most: 20 },
    { figure: 'portalFirstPaintMs', most: 1000 },
    { figure: 'portalScriptKiB', most: 300 },
    { figure: 'portalScriptFiles', most: 20 },
  ],
  list: [
    { figure: 'filterP95Ms', most: 100 },
    { figure: 'longTasksWhileScrolling', most: 0 },
  ],
  engine: [
    { figure: 'cpuToNginxRatio', most: 0.95 },
    { figure: 'cpuToFastGatewayRatio', most: 0.2 },
    { figure: 'cpuToFastifyHttpProxyRatio', most: 0.2 },
    { figure: 'cpuToHttpProxyRatio', most: 0.2 },
    { figure: 'cpuToNodeHttpUndiciRatio', most: 0.2 },
  ],
  'engine-tls': [
    { figure: 'http1CpuToNginxRatio', most: 2 },
    { figure: 'http2CpuToNginxRatio', most: 4 },
    { figure: 'http2CpuToNodeRatio', most: 0.7 },
  ],
  policies: [
    { figure: 'keyedCpuToNginxRatio', most: 1.1 },
    { figure: 'keyedCpuToNginxLuaRatio', most: 0.6 },
    { figure: 'oneCpuToNginxRatio', most: 1.1 },
    { figure: 'oneCpuToNginxLuaRatio', most: 0.6 },
  ],
  latency: [
    { figure: 'p50ToNginxRatio', most: 1.2, or: { figure: 'p50OverNginxMs', most: 0.3 } },
    { figure: 'p99ToNginxRatio', most: 1.2, or: { figure: 'p99OverNginxMs', most: 0.3 } },
  ],
  routes: [
    { figure: 'cpuAt1000ToOneRatio', most: 1.1 },
    { figure: 'cpuAt100000ToOneRatio', most: 1.1 },
    { figure: 'buildSeconds', most: 2 },
    { figure: 'insertP99Ms', most: 1 },
    { figure: 'changingP99BeyondQuarterMs', most: 1 },
    // An engine that cannot keep up has the same bad latency with and without changes.
    { figure: 'changingUnfinished', most: 0 },
    { figure: 'changesPerSecond', least: 95 },
  ],
};
