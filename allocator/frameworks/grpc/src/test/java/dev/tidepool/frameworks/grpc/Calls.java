package dev.tidepool.frameworks.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidepool.frameworks.Content;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The client's side: calls on one channel, every byte of whose answers is verified. */
record Calls(ManagedChannel channel) {
  static final int MIB = 1 << 20;

  void unary(int seed, int size) {
    byte[] request = Content.bytes(seed, size);
    byte[] answer = ClientCalls.blockingUnaryCall(channel, EchoService.UNARY, options(), request);
    Content.verify(seed, size, answer);
  }

  void unaryAtOnce(int calls, int size) throws Exception {
    List<Future<byte[]>> answers = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      answers.add(
          ClientCalls.futureUnaryCall(
              channel.newCall(EchoService.UNARY, options()), Content.bytes(i, size + i)));
    }
    for (int i = 0; i < calls; i++) {
      Content.verify(i, size + i, answers.get(i).get());
    }
  }

  void down(int seed, int size, int messages) {
    Content content = Content.expected(seed);
    Iterator<byte[]> answers = startDown(seed, size, messages);
    answers.forEachRemaining(content::verify);
    assertThat(content.position()).isEqualTo((long) size * messages);
  }

  private Iterator<byte[]> startDown(int seed, int size, int messages) {
    return ClientCalls.blockingServerStreamingCall(
        channel, EchoService.DOWN, options(), EchoService.order(seed, size, messages));
  }

  /** Reads some messages of an endless stream, and cancels it while more are on their way. */
  void cancelHalfWay(int seed, int size, int messages) {
    Context.CancellableContext context = Context.current().withCancellation();
    Runnable reading =
        () -> {
          Iterator<byte[]> answers = readSome(seed, size, messages);
          context.cancel(null);
          StatusRuntimeException end =
              catchThrowableOfType(
                  StatusRuntimeException.class, () -> answers.forEachRemaining(more -> {}));
          assertThat(end.getStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
        };
    context.run(reading);
  }

  /** Reads some messages of an endless stream. */
  Iterator<byte[]> readSome(int seed, int size, int messages) {
    Content content = Content.expected(seed);
    Iterator<byte[]> answers = startDown(seed, size, EchoService.ENDLESS);
    for (int i = 0; i < messages; i++) {
      content.verify(answers.next());
    }
    return answers;
  }

  void up(int size, int messages) throws Exception {
    Answers answers = new Answers(message -> {});
    StreamObserver<byte[]> requests =
        ClientCalls.asyncClientStreamingCall(channel.newCall(EchoService.UP, options()), answers);
    Content content = Content.expected(0);
    for (int i = 0; i < messages; i++) {
      requests.onNext(content.next(size));
    }
    requests.onCompleted();
    answers.done.get(20, TimeUnit.SECONDS);
    assertThat(ByteBuffer.wrap(answers.last).getLong()).isEqualTo(content.position());
  }

  void both(int seed, int size, int messages) throws Exception {
    Content expected = Content.expected(seed);
    Answers answers = new Answers(expected::verify);
    StreamObserver<byte[]> requests =
        ClientCalls.asyncBidiStreamingCall(channel.newCall(EchoService.BOTH, options()), answers);
    Content content = Content.expected(seed);
    for (int i = 0; i < messages; i++) {
      requests.onNext(content.next(size));
    }
    requests.onCompleted();
    answers.done.get(20, TimeUnit.SECONDS);
    assertThat(expected.position()).isEqualTo(content.position());
  }

  void exceedDeadline(int size) {
    StatusRuntimeException end =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                ClientCalls.blockingUnaryCall(
                    channel,
                    EchoService.LATE,
                    CallOptions.DEFAULT.withDeadlineAfter(100, TimeUnit.MILLISECONDS),
                    Content.bytes(1, size)));
    assertThat(end.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
  }

  private static CallOptions options() {
    return CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  private static final class Answers implements StreamObserver<byte[]> {
    final CompletableFuture<Void> done = new CompletableFuture<>();
    private final Consumer<byte[]> each;
    volatile byte[] last;

    Answers(Consumer<byte[]> each) {
      this.each = each;
    }

    @Override
    public void onNext(byte[] message) {
      each.accept(message);
      last = message;
    }

    @Override
    public void onError(Throwable e) {
      done.completeExceptionally(e);
    }

    @Override
    public void onCompleted() {
      done.complete(null);
    }
  }
}
