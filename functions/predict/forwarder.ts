import type { EndpointPort } from '../../adapters/endpoint/endpoint-port.ts';
import type { Predictor } from '../../models/predictor.ts';
import type { Signature } from '../../models/signature.ts';

/**
 * A model that the endpoint serves from this archive of the registry. What calls it is imported for the first one.
 * @throws EndpointUnavailable where there is no endpoint (any more)
 */
export async function forwarder(
  signature: Signature,
  archive: string,
  endpoint: EndpointPort | undefined,
): Promise<Predictor> {
  const { EndpointUnavailable } = await import('../../adapters/endpoint/failures.ts');
  if (endpoint === undefined) throw new EndpointUnavailable('none', 'is not set up here');
  const { endpointPredictor } = await import('../../adapters/endpoint/endpoint-predictor.ts');
  return endpointPredictor({ signature, endpoint: endpoint.name, target: `${archive}.tar.gz` }, endpoint.invoke);
}
