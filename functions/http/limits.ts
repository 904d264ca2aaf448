/** The largest body, decoded, in and out: what Lambda carries once it is base64. */
export const MAX_BODY_BYTES = 4_718_592;

/** The largest input by reference, where a function or an endpoint of many models is to be sent it in one call. */
export const MAX_SENT_BYTES = 25 * 1024 * 1024;

/** The largest input by reference at all: what an asynchronous endpoint takes. */
export const MAX_INPUT_BYTES = 1024 ** 3;

/** The largest result of a job. Past `MAX_BODY_BYTES` it is fetched from where it lies. */
export const MAX_RESULT_BYTES = 50 * 1024 * 1024;
