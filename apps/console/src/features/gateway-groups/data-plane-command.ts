/** What somebody chose for a new data plane, and what the enrolment token brought. */
export interface DataPlaneStart {
  readonly name: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly statusPort: number;
  /** Whether other machines are served too, and not only this one. */
  readonly servesOthers: boolean;
  readonly linkUrl: string;
  readonly token: string;
}

/** A name that can stand in a command and in a path as it is. */
export const planeNameShape = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** The one line that starts a data plane from a checkout; see the guide “Data planes”. */
export function shellCommand(start: DataPlaneStart): string {
  const variables = [
    `TOLLGATE_LINK_URL=${start.linkUrl}`,
    `TOLLGATE_ENROL_TOKEN=${start.token}`,
    `TOLLGATE_STATE_DIR="$HOME/.tollgate/${start.name}"`,
    `GATEWAY_NAME=${start.name}`,
    `GATEWAY_HTTP_PORT=${start.httpPort}`,
    `GATEWAY_HTTPS_PORT=${start.httpsPort}`,
    `GATEWAY_STATUS_PORT=${start.statusPort}`,
    ...(start.servesOthers ? ['GATEWAY_HOST=0.0.0.0'] : []),
  ];
  return `npm run build && \\\n${variables.map((variable) => `${variable} \\\n`).join('')}npx node apps/gateway/dist/main.js`;
}

/** The one line that starts the gateway of the distributed form, where containers find each other by name. */
export function containerCommand({ token }: Pick<DataPlaneStart, 'token'>): string {
  return `TOLLGATE_ENROL_TOKEN=${token} \\\ndocker compose -f docker/compose.yml --profile data-plane up --build --detach`;
}
