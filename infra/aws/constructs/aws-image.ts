import { Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { FactName, RegionInfo } from 'aws-cdk-lib/region-info';
import { Construct } from 'constructs';
import { StageRefused } from '../stages.ts';

export interface AwsImageProps {
  readonly repository: string;
  readonly tag: string;
  /** The place in the stage that asks for it, and whose image it is; for an error. */
  readonly asked: string;
  readonly whose: string;
}

/** A container image that AWS keeps for everybody, in one account a region. */
export class AwsImage extends Construct {
  /** What a machine pulls it by. */
  readonly path: string;
  private readonly repositoryArn: string;

  /** @throws StageRefused where the construct library knows of no such account */
  constructor(scope: Construct, id: string, { repository, tag, asked, whose }: AwsImageProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const { region, urlSuffix } = stack;
    const isKnown = Token.isUnresolved(region) || RegionInfo.get(region).dlcRepositoryAccount !== undefined;
    if (!isKnown) throw new StageRefused(`${asked} must be in a region that has ${whose} image, got ${region}`);
    const account = stack.regionalFact(FactName.DLC_REPOSITORY_ACCOUNT);
    this.path = `${account}.dkr.ecr.${region}.${urlSuffix}/${repository}:${tag}`;
    this.repositoryArn = stack.formatArn({
      service: 'ecr',
      account,
      resource: 'repository',
      resourceName: repository,
    });
  }

  /** Lets a role pull it. A token is for every repository or for none. */
  pullBy(role: Role): void {
    const actions = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
    role.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [this.repositoryArn] }));
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }));
  }
}
