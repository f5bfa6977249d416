/** The parts that EC2's actions work with, as `Ec2Parts`. */
export const EC2_PARTS = Symbol('EC2_PARTS');
