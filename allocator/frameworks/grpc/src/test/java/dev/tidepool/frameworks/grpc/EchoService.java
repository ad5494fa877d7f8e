package dev.tidepool.frameworks.grpc;

import static io.grpc.stub.ServerCalls.asyncBidiStreamingCall;
import static io.grpc.stub.ServerCalls.asyncClientStreamingCall;
import static io.grpc.stub.ServerCalls.asyncServerStreamingCall;
import static io.grpc.stub.ServerCalls.asyncUnaryCall;

import dev.tidepool.frameworks.Content;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;

/**
 * The server's side: a service whose messages are plain bytes, in every kind of call.
 *
 * <p>Content that the server makes has the seed that the first four bytes of a request contain, and
 * the message size of the next four; see {@link #order}.
 */
final class EchoService {
  static final MethodDescriptor<byte[], byte[]> UNARY = method(MethodType.UNARY, "unary");
  static final MethodDescriptor<byte[], byte[]> DOWN = method(MethodType.SERVER_STREAMING, "down");
  static final MethodDescriptor<byte[], byte[]> UP = method(MethodType.CLIENT_STREAMING, "up");
  static final MethodDescriptor<byte[], byte[]> BOTH = method(MethodType.BIDI_STREAMING, "both");
  static final MethodDescriptor<byte[], byte[]> LATE = method(MethodType.UNARY, "late");

  static final int ENDLESS = Integer.MAX_VALUE;

  /** One count for each endless stream that the server saw cancelled. */
  final CountDownLatch cancelled;

  /** Open when calls of LATE may be answered. */
  final CountDownLatch mayAnswer = new CountDownLatch(1);

  EchoService(int cancellations) {
    cancelled = new CountDownLatch(cancellations);
  }

  ServerServiceDefinition definition() {
    return ServerServiceDefinition.builder("echo")
        .addMethod(UNARY, asyncUnaryCall(EchoService::echo))
        .addMethod(DOWN, asyncServerStreamingCall(this::streamDown))
        .addMethod(UP, asyncClientStreamingCall(EchoService::countUp))
        .addMethod(BOTH, asyncBidiStreamingCall(EchoService::echoEach))
        .addMethod(LATE, asyncUnaryCall(this::answerLate))
        .build();
  }

  /**
   * A request for {@code messages} messages of {@code size} bytes of the content of {@code seed}.
   */
  static byte[] order(int seed, int size, int messages) {
    return ByteBuffer.allocate(12).putInt(seed).putInt(size).putInt(messages).array();
  }

  private static void echo(byte[] request, StreamObserver<byte[]> answers) {
    answers.onNext(request);
    answers.onCompleted();
  }

  /** Sends when the transport is ready, so that a slow client holds the server up. */
  private void streamDown(byte[] request, StreamObserver<byte[]> answers) {
    ByteBuffer order = ByteBuffer.wrap(request);
    Content content = Content.expected(order.getInt());
    int size = order.getInt();
    long end = (long) order.getInt() * size;
    ServerCallStreamObserver<byte[]> call = (ServerCallStreamObserver<byte[]>) answers;
    call.setOnCancelHandler(cancelled::countDown);
    call.setOnReadyHandler(
        () -> {
          while (call.isReady() && content.position() < end) {
            call.onNext(content.next(size));
            if (content.position() == end) {
              call.onCompleted();
            }
          }
        });
  }

  /** Answers with the number of bytes, each verified against the content of seed 0. */
  private static StreamObserver<byte[]> countUp(StreamObserver<byte[]> answers) {
    Content content = Content.expected(0);
    return new StreamObserver<>() {
      @Override
      public void onNext(byte[] message) {
        content.verify(message);
      }

      @Override
      public void onError(Throwable e) {}

      @Override
      public void onCompleted() {
        answers.onNext(ByteBuffer.allocate(8).putLong(content.position()).array());
        answers.onCompleted();
      }
    };
  }

  private static StreamObserver<byte[]> echoEach(StreamObserver<byte[]> answers) {
    return new StreamObserver<>() {
      @Override
      public void onNext(byte[] message) {
        answers.onNext(message);
      }

      @Override
      public void onError(Throwable e) {}

      @Override
      public void onCompleted() {
        answers.onCompleted();
      }
    };
  }

  private void answerLate(byte[] request, StreamObserver<byte[]> answers) {
    try {
      mayAnswer.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ((ServerCallStreamObserver<byte[]>) answers).setOnCancelHandler(() -> {});
    echo(request, answers);
  }

  private static MethodDescriptor<byte[], byte[]> method(MethodType type, String name) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName("echo", name))
        .setRequestMarshaller(new Bytes())
        .setResponseMarshaller(new Bytes())
        .build();
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream message) {
      try {
        return message.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
