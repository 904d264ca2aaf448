import type { Explained, InferAnswer, InferRequest, Predictions } from '../client/answers.ts';
import type { Client, PredictOptions } from '../client/client.ts';
import { csvTable } from './csv-table.ts';
import { Misuse } from './failures.ts';
import type { Input } from './input.ts';

/** What the platform predicts, in the words of the protocol that the input speaks. */
export async function predictRemotely(
  client: Client,
  model: string,
  input: Input,
  options: PredictOptions,
): Promise<Predictions | InferAnswer> {
  const asks = Object.keys(options).length > 0;
  switch (input.form) {
    case 'rows':
      return client.predict(model, input.rows, options);
    case 'csv':
      return client.invoke(model, asks ? { dataframe_split: csvTable(input.text), parameters: options } : input.text);
    case 'body':
      return client.invoke(model, asks ? { ...input.body, parameters: options } : input.body);
    case 'v2':
      if (asks)
        throw new Misuse('a v2 body says itself what it asks for: outputs, and "parameters": {"interval": 0.9}');
      return client.infer(model, input.body as unknown as InferRequest);
  }
}

/** What the platform predicts, and why. @throws Misuse for a v2 body */
export async function explainRemotely(client: Client, model: string, input: Input, all: boolean): Promise<Explained> {
  const explain = all ? 'all' : true;
  switch (input.form) {
    case 'rows':
      return client.explain(model, input.rows, { all });
    case 'csv':
      return (await client.invoke(model, { dataframe_split: csvTable(input.text), params: { explain } })) as Explained;
    case 'body':
      return (await client.invoke(model, { ...input.body, params: { explain } })) as Explained;
    case 'v2':
      throw new Misuse(
        'bring rows, CSV, or a V1 or MLflow body; a v2 body asks by its own "parameters": {"explain": true}',
      );
  }
}
