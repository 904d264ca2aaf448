import * as Type from 'typebox';
import { DATATYPES, type Datatype } from './datatype.ts';

/** Beside the datatypes and not among them: a process that only moves tensors starts without the schema library. */
export const DatatypeSchema = Type.Unsafe<Datatype>({ type: 'string', enum: DATATYPES });
