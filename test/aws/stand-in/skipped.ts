/** Types of resources that the stand-in does not make, and why nothing is lost by that. */
export const skipped: Readonly<Record<string, string>> = {
  'AWS::CDK::Metadata': 'says to AWS which constructs are used; it makes nothing',
};
