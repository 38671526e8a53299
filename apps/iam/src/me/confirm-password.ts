import { iamErrors } from '@tollgate/contracts/rest/iam';
import { ApiError } from '@tollgate/platform';
import type { LoginService } from '../auth/login.service.ts';

/** What cannot be undone is done for those only who know the password, not for whoever sits at an open session. @throws ApiError `auth.wrong_password` */
export async function confirmPassword(
  logins: LoginService,
  person: { email: string },
  password: string,
): Promise<void> {
  if ((await logins.findByPassword(person.email, password)) === null) throw new ApiError(iamErrors.wrongPassword);
}
