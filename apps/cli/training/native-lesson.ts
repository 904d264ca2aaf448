import { MODEL_FILE } from '../model-folder.ts';
import { type RecipeOptions, recipeOf } from '../recipe-options.ts';
import type { Lesson } from './lesson.ts';
import { remaining } from './words.ts';

/** Learning by our own algorithms. @throws TrainingRefused naming the option, Failure for a file that can't be read */
export async function nativeLesson(options: RecipeOptions): Promise<Lesson> {
  const recipe = await recipeOf(options);
  // It brings every algorithm, which takes longer to load than all else; other commands go without.
  const { train } = await import('../../../models/learning/train.ts');
  const now = () => performance.now();
  return {
    types: recipe.types ?? {},
    async learn(table, chosen, progress) {
      const { model, result, why, rows, findings, report } = train(table, recipe, chosen, {
        now,
        onProgress: remaining(progress, now),
      });
      const bytes = new TextEncoder().encode(JSON.stringify(model));
      return {
        parcel: { file: { name: MODEL_FILE, bytes }, companions: [] },
        told: { why, rows, findings, thresholdFrom: model.card?.threshold },
        result,
        report,
      };
    },
  };
}
