import { say } from '../i18n/text.ts';

export const clientText = {
  noAnswer: say('The studio does not answer.', '工作室没有响应。'),
  noAnswerRemedy: say('Wait until the connection is back, then try again.', '请等待连接恢复后重试。'),
};
