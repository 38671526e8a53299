/** A figure that must not be above (or below) a limit. */
export interface Bar {
  figure: string;
  most?: number;
  least?: number;
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
};
