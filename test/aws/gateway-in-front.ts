import type { FunctionName } from '../../functions/http/routes.ts';
import { type Gateway, startGateway } from '../../infra/local/gateway/gateway.ts';
import type { Authorizer, ProxyFunction } from '../../infra/local/gateway/invoke.ts';
import type { Outcome } from './lambda-runtime/outcome.ts';

export type Invoke = (event: unknown) => Promise<Outcome>;

/** The project's own gateway in front of functions that run elsewhere, which are sent API Gateway's events. */
export function gatewayInFrontOf(functions: Readonly<Record<FunctionName | 'authorize', Invoke>>): Promise<Gateway> {
  const { authorize, predict, catalog, control } = functions;
  return startGateway({
    host: '127.0.0.1',
    port: 0,
    functions: { predict: answering(predict), catalog: answering(catalog), control: answering(control) },
    authorize: answering<Authorizer>(authorize),
    fallback: 'catalog',
    quota: () => undefined,
  });
}

/** API Gateway hears of a function's failure by the message alone. */
const answering =
  <Fn extends ProxyFunction | Authorizer = ProxyFunction>(invoke: Invoke) =>
  async (event: Parameters<Fn>[0]): Promise<Awaited<ReturnType<Fn>>> => {
    const { payload, functionError } = await invoke(event);
    if (functionError !== undefined) throw new Error((payload as { errorMessage?: string }).errorMessage);
    return payload as Awaited<ReturnType<Fn>>;
  };
