/** The pool that the operator's data planes join unless told otherwise; every installation has it. */
export const sharedPoolId = 'pool_00000000000000000000000000';
