import { create } from '@bufbuild/protobuf';
import { attributeOf, textOf } from './attributes.ts';
import type { OnnxFile } from './decode.ts';
import { AttributeProto_AttributeType, AttributeProtoSchema } from './onnx_pb.js';
import { nodesOf } from './walk.ts';

/** The one locale that every machine of ours has. */
const LOCALE = 'C.UTF-8';

/**
 * Gives every StringNormalizer a locale with which ONNX Runtime finds its way on our machines: it stops at any other, and
 * at none.
 * @returns what was changed, in words
 */
export function setLocales(model: OnnxFile): string[] {
  const changes: string[] = [];
  for (const { part: node } of nodesOf(model)) {
    if (node.opType !== 'StringNormalizer') continue;
    const stated = textOf(node, 'locale');
    if (stated === LOCALE) continue;
    const attribute = attributeOf(node, 'locale') ?? create(AttributeProtoSchema, { name: 'locale' });
    if (stated === undefined) node.attribute.push(attribute);
    attribute.type = AttributeProto_AttributeType.STRING;
    attribute.s = new TextEncoder().encode(LOCALE);
    const was = stated === undefined ? 'none' : JSON.stringify(stated);
    changes.push(`the locale of StringNormalizer "${node.name}" became "${LOCALE}", from ${was}`);
  }
  return changes;
}
