package dev.tidepool.frameworks.grpc;

import dev.tidepool.frameworks.ClassPathCheck;

/** The versions of gRPC-Java and Netty. */
class ClassPathTest extends ClassPathCheck {}
