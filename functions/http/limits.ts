/** The largest body, decoded, in and out: what Lambda carries once it is base64. */
export const MAX_BODY_BYTES = 4_718_592;
