/** How a model may be called. */
export const MODEL_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
