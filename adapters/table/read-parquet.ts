import { parquetReadObjects } from 'hyparquet';
import type { ModelFile } from '../../models/formats/format.ts';
import type { Frame } from '../../models/frame.ts';
import type { StatedTypes } from './read-csv-table.ts';
import { frameOfRecords, type RecordOf } from './read-records.ts';
import { TableRefused } from './table-refused.ts';

/** Parquet, uncompressed or by Snappy. Dates are texts, in ISO 8601. @throws TableRefused */
export async function readParquet({ name, bytes }: ModelFile, stated: StatedTypes = {}): Promise<Frame> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const records = await parquetReadObjects({ file }).catch((cause: Error) => {
    throw new TableRefused({ where: name, rule: `must be Parquet that can be read: ${cause.message}` }, { cause });
  });
  return frameOfRecords(
    name,
    records.map((record, row) => ({ record: record as RecordOf, where: `${name} row ${row}` })),
    stated,
  );
}
