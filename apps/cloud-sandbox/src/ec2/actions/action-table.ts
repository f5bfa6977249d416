import type { Action } from '../action-context';
import {
  getConsoleOutput,
  rebootInstances,
  startInstances,
  stopInstances,
  terminateInstances,
} from './change-instances';
import {
  describeAvailabilityZones,
  describeImages,
  describeInstanceTypeOfferings,
  describeInstanceTypes,
  describeRegions,
} from './describe-catalogue';
import { describeInstanceStatus } from './describe-instance-status';
import { describeInstances } from './describe-instances';
import { describeSubnets, describeVpcs } from './describe-network';
import { deleteKeyPair, describeKeyPairs, importKeyPair } from './key-pairs';
import { runInstances } from './run-instances';
import {
  authorizeSecurityGroupEgress,
  authorizeSecurityGroupIngress,
  revokeSecurityGroupEgress,
  revokeSecurityGroupIngress,
} from './security-group-rules';
import {
  createSecurityGroup,
  deleteSecurityGroup,
  describeSecurityGroups,
} from './security-groups';
import { createTags, deleteTags, describeTags } from './tags';
import { deleteVolume, describeVolumes } from './volumes';

/** Every EC2 action that the sandbox knows. */
export const ACTIONS: ReadonlyMap<string, Action> = new Map(
  Object.entries({
    RunInstances: runInstances,
    StartInstances: startInstances,
    StopInstances: stopInstances,
    RebootInstances: rebootInstances,
    TerminateInstances: terminateInstances,
    GetConsoleOutput: getConsoleOutput,
    DescribeInstances: describeInstances,
    DescribeInstanceStatus: describeInstanceStatus,
    DescribeImages: describeImages,
    DescribeInstanceTypes: describeInstanceTypes,
    DescribeInstanceTypeOfferings: describeInstanceTypeOfferings,
    DescribeRegions: describeRegions,
    DescribeAvailabilityZones: describeAvailabilityZones,
    DescribeVpcs: describeVpcs,
    DescribeSubnets: describeSubnets,
    ImportKeyPair: importKeyPair,
    DeleteKeyPair: deleteKeyPair,
    DescribeKeyPairs: describeKeyPairs,
    CreateSecurityGroup: createSecurityGroup,
    DeleteSecurityGroup: deleteSecurityGroup,
    DescribeSecurityGroups: describeSecurityGroups,
    AuthorizeSecurityGroupIngress: authorizeSecurityGroupIngress,
    AuthorizeSecurityGroupEgress: authorizeSecurityGroupEgress,
    RevokeSecurityGroupIngress: revokeSecurityGroupIngress,
    RevokeSecurityGroupEgress: revokeSecurityGroupEgress,
    DescribeVolumes: describeVolumes,
    DeleteVolume: deleteVolume,
    CreateTags: createTags,
    DeleteTags: deleteTags,
    DescribeTags: describeTags,
  } satisfies Record<string, Action>),
);
