import { fromEnv } from '@aws-sdk/credential-provider-env';

/** Where a function's credentials come from. Lambda puts them into the environment, and nowhere else. */
export const defaultProvider = fromEnv;
