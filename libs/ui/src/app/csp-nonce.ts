/** What styles made while the page runs must carry, so that the Content-Security-Policy lets them in. */
export const cspNonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '';
