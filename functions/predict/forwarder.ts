import type { EndpointPort } from '../../adapters/endpoint/endpoint-port.ts';
import type { Manifest } from '../../models/manifest.ts';
import type { Predictor } from '../../models/predictor.ts';

type Forwarded = Pick<Manifest, 'model' | 'signature' | 'placement' | 'onnx'> & Required<Pick<Manifest, 'triton'>>;

/**
 * A model that the endpoint serves from this archive of the registry. What calls it is imported for the first one.
 * @throws EndpointUnavailable where there is no endpoint (any more)
 */
export async function forwarder(
  { model, signature, onnx, triton: archive, placement }: Forwarded,
  endpoint: EndpointPort | undefined,
): Promise<Predictor> {
  const rowByRow = onnx?.rowByRow ?? false;
  const { endpointPredictor } = await import('../../adapters/endpoint/endpoint-predictor.ts');
  if (placement === 'endpoint-async') {
    const { asyncEndpointName } = await import('../../adapters/endpoint/async-endpoint-name.ts');
    const { asyncInvoke } = await import('../../adapters/endpoint/async-invoke.ts');
    // Who only sends callers to the jobs is told of no endpoint.
    const own = asyncEndpointName(endpoint?.name ?? 'none', archive);
    return endpointPredictor({ signature, rowByRow, endpoint: own }, asyncInvoke(model, own, endpoint?.start));
  }
  const { EndpointUnavailable } = await import('../../adapters/endpoint/failures.ts');
  if (endpoint === undefined) throw new EndpointUnavailable('none', 'is not set up here');
  return endpointPredictor(
    { signature, rowByRow, endpoint: endpoint.name, target: `${archive}.tar.gz` },
    endpoint.invoke,
  );
}
