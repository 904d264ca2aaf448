/** Where everything lies in the bucket of asynchronous calls. What an endpoint is asked, by names of our own: */
export const ASYNC_INPUTS = 'inputs/';
/** What comes of it, by names of SageMaker's, which sets a slash of its own before them: */
export const ASYNC_ANSWERS = 'answers';
/** Where the reason lies, if there is no answer. */
export const ASYNC_FAILURES = `${ASYNC_ANSWERS}/failed`;
/** Which job an answer is of. */
export const askedPath = (answer: string): string => `asked/${answer}`;
