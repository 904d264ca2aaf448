import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type FastifyInstance, type FastifyPluginAsync, fastify } from 'fastify';
import { type FunctionName, routes } from '../../functions/http/routes.ts';
import { ModeldropError } from '../../models/errors.ts';
import { type Answer, answerOf, refusal, send } from './answer.ts';
import { type Grant, grantOf } from './authorization.ts';
import { ClientGone, holdsBack, letSend, readBody } from './body.ts';
import { answerBroken, noteResponse, writeRefusal } from './broken-request.ts';
import {
  AnswerTooLate,
  AuthorizerFailed,
  ExpectationFailed,
  FunctionFailed,
  GatewayFailed,
  KeyRefused,
  MalformedHttp,
  ScopeMissing,
} from './errors.ts';
import { authorizerEvent, type Envelope, envelopeOf, proxyEvent } from './event.ts';
import { type Authorizer, invoke, type ProxyFunction } from './invoke.ts';
import { LIMITS, type Limits } from './limits.ts';
import { type Match, resourceTree } from './resource-tree.ts';
import { targetOf } from './target.ts';
import { throttle } from './throttle.ts';
import type { Quota } from './token-bucket.ts';
