package dev.tidepool.frameworks.http;

import dev.tidepool.frameworks.ClassPathCheck;

/** The versions of AsyncHttpClient and Netty. */
class ClassPathTest extends ClassPathCheck {}
