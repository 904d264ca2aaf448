import type { InferAnswer, InferRequest, Predictions } from '../client/answers.ts';
import type { Client } from '../client/client.ts';
import { csvTable } from './csv-table.ts';
import { Misuse } from './failures.ts';
import type { Input } from './input.ts';

/** What the platform predicts, in the words of the protocol that the input speaks. */
export async function predictRemotely(
  client: Client,
  model: string,
  input: Input,
  probabilities: boolean,
): Promise<Predictions | InferAnswer> {
  switch (input.form) {
    case 'rows':
      return client.predict(model, input.rows, { probabilities });
    case 'csv':
      return client.invoke(
        model,
        probabilities ? withProbabilities({ dataframe_split: csvTable(input.text) }) : input.text,
      );
    case 'body':
      return client.invoke(model, probabilities ? withProbabilities(input.body) : input.body);
    case 'v2':
      if (probabilities) throw new Misuse('a v2 body names its outputs itself; ask for predict_proba there');
      return client.infer(model, input.body as unknown as InferRequest);
  }
}

const withProbabilities = (body: Readonly<Record<string, unknown>>) => ({
  ...body,
  parameters: { probabilities: true },
});
