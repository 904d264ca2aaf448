import type { Outside } from '../../models/baseline.ts';
import type { Channel } from '../../models/channel.ts';
import type { Explanation } from '../../models/explanation.ts';
import type { Rehearsal } from '../../models/rehearsal.ts';
import type { ReleasePolicy } from '../../models/release-policy.ts';
import type { Signature } from '../../models/signature.ts';
import type { Drift } from '../../models/watch/drift.ts';
import type { ShadowReport } from '../../models/watch/shadow-report.ts';
import type { TrialReport } from '../../models/watch/trial-report.ts';

/** A model in service. */
export interface ModelEntry {
  readonly name: string;
  readonly version: number;
}

/** A version as the list of versions shows it. `channel` is there while it is in service. */
export interface VersionSummary {
  readonly model: string;
  readonly version: number;
  readonly channel?: 'stable' | 'canary' | 'shadow';
  /** Percent of the requests, of a canary. */
  readonly weight?: number;
  /** How it does beside the stable version, of an open canary. */
  readonly trial?: TrialReport;
  /** How it does beside the stable version, of a shadow that has seen copies of requests. */
  readonly shadow?: ShadowReport;
  readonly kind: string;
  readonly format: string;
  readonly digest: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly metrics?: Readonly<Record<string, unknown>>;
}

export interface Versions {
  readonly model: string;
  /** Oldest first. */
  readonly versions: readonly VersionSummary[];
  /** How versions that are dropped come into service, where somebody has said so. */
  readonly policy?: ReleasePolicy;
  readonly history: Channel['history'];
}

/** What a model is, and how good. */
export interface Card extends VersionSummary {
  readonly features: readonly string[];
  readonly labels?: readonly (string | number | boolean)[];
  /** Of two labels the one that is looked for, and from which probability on it is answered. */
  readonly positive?: string | number;
  readonly threshold?: number;
  /** The largest prediction interval that can be had, of a regression. */
  readonly largestInterval?: number;
  readonly signature: Signature;
  readonly card?: Readonly<Record<string, unknown>>;
  /** What has become of the inputs since training, where the model knows what its training rows were like. */
  readonly drift?: Drift;
  readonly goldenExamples: number;
  /** Names of its files, the model file first. */
  readonly files: readonly string[];
}

/** One value, label, `{label, probabilities}` or `{value, lower, upper}` a row. */
export interface Predictions {
  readonly predictions: readonly unknown[];
  readonly parameters?: { readonly outside?: readonly Outside[] };
}

/** Predictions, and how each comes about: one explanation a row, or a list a row of all classes. */
export interface Explained extends Predictions {
  readonly explanations: readonly (Explanation | readonly Explanation[])[];
}

/** A request of the Open Inference Protocol v2, JSON only. */
export interface InferRequest {
  readonly id?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly inputs: readonly {
    readonly name: string;
    readonly datatype: string;
    readonly shape: readonly number[];
    readonly data: readonly unknown[];
  }[];
  readonly outputs?: readonly { readonly name: string }[];
}

export interface InferAnswer {
  readonly model_name: string;
  readonly model_version: string;
  readonly id: string;
  readonly parameters?: Predictions['parameters'];
  readonly outputs: readonly {
    readonly name: string;
    readonly datatype: string;
    readonly shape: readonly number[];
    readonly parameters?: Readonly<Record<string, unknown>>;
    readonly data: readonly unknown[];
  }[];
}

/** A prediction that nobody waits for. */
export interface Job {
  readonly id: string;
  readonly model: string;
  readonly state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Of one that succeeded: where it lies, and which version made it. */
  readonly result?: {
    readonly path: string;
    readonly bytes: number;
    readonly contentType: string;
    readonly version: number;
  };
  /** Of one that failed: why, and what would be right. */
  readonly error?: string;
}

/** What became of one dropped file. */
export interface Drop {
  readonly id: string;
  readonly model: string;
  readonly file: string;
  readonly state: 'received' | 'verifying' | 'provisioning' | 'published' | 'released' | 'refused';
  readonly updatedAt: string;
  readonly version?: number;
  /** A version that serves as `none` waits, published, until somebody releases it. */
  readonly servesAs?: 'stable' | 'canary' | 'shadow' | 'none';
  /** What it is provided with, while it is. */
  readonly waitsFor?: string;
  /** What its verification has seen: times, memory, what changes beside the serving version, quality on labelled rows. */
  readonly rehearsal?: Rehearsal;
  /** Why it was refused, and how to mend it. */
  readonly error?: string;
}

/** A place that takes one file by one PUT. */
export interface Place {
  readonly url: string;
  readonly method: 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  readonly expires: string;
}

/** Such a place in an inbox, and the drop that the file will be. */
export interface Upload extends Place {
  readonly drop: string;
}

export type Scope = 'predict' | 'deploy' | 'admin';

export interface KeyGrant {
  readonly name: string;
  /** The caller's own where it is absent. */
  readonly tenant?: string;
  readonly scopes: readonly Scope[];
  /** Model names; `*` stands for any part of one. */
  readonly models: readonly string[];
}

export interface Key extends KeyGrant {
  readonly id: string;
  readonly tenant: string;
  readonly createdAt: string;
  readonly createdBy: string;
}

/** A key with its secret, which is told this once. */
export interface NewKey extends Key {
  readonly key: string;
}
