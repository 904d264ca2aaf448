import { beforeAll, expect, it } from 'vitest';
import { binaryTensors } from '../../../apps/client/binary-tensors.ts';
import { type House, openHouse } from '../../functions/house.ts';
import { knownModels } from '../../functions/models.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse(['iris']);
});

it('tensors in binary are read as the same numbers in JSON', async () => {
  const { rows } = knownModels.iris;
  const [width] = [rows[0]?.length ?? 0];
  // In the middle of a larger buffer, as rows of a table are.
  const table = Float64Array.from([0, ...rows.flat()]);
  const tensor = { name: 'input', datatype: 'FP64', shape: [rows.length, width], data: table.subarray(1) } as const;
  const { bytes, headers } = binaryTensors([tensor]);
  const path = '/endpoints/iris/invocations';
  const binary = await house.api({ method: 'POST', path, body: bytes, headers });
  const json = { inputs: [{ ...tensor, data: rows.flat() }] };
  const { outputs } = (await house.api({ method: 'POST', path, body: json })).json as { outputs: unknown };
  expect(binary.status, binary.text).toBe(200);
  expect((binary.json as { outputs: unknown }).outputs).toEqual(outputs);
});

it('of several, each has its own bytes', () => {
  const { bytes, headers } = binaryTensors([
    { name: 'a', datatype: 'UINT8', shape: [3], data: Uint8Array.of(1, 2, 3) },
    { name: 'b', datatype: 'INT16', shape: [1], data: Int16Array.of(258) },
  ]);
  const head = Number(headers['inference-header-content-length']);
  expect(JSON.parse(Buffer.from(bytes.subarray(0, head)).toString())).toEqual({
    inputs: [
      { name: 'a', datatype: 'UINT8', shape: [3], parameters: { binary_data_size: 3 } },
      { name: 'b', datatype: 'INT16', shape: [1], parameters: { binary_data_size: 2 } },
    ],
  });
  expect([...bytes.subarray(head)]).toEqual([1, 2, 3, 2, 1]);
});
