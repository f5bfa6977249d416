export { UNLIMITED } from '@cloudhero/domain';
export type { CallBudget, CallPriority, RateBucket } from '@cloudhero/domain';
