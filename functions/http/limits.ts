/** The largest body, decoded, in and out: what Lambda carries once it is base64. */
export const MAX_BODY_BYTES = 4_718_592;

/** The largest result of a job. Past `MAX_BODY_BYTES` it is fetched from where it lies. */
export const MAX_RESULT_BYTES = 50 * 1024 * 1024;
