package dev.tidepool.allocator.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Credits open and close under the lock, which nothing keeps. */
class CreditedAccountTest {
  private static final int LIMIT = 1000;
  private static final int MOST = 100;

  private final CreditedAccount account = new CreditedAccount(LIMIT, MOST);
  private final LoopCredit credit = account.newCredit();

  private static Arguments operation(String name, Consumer<CreditedAccountTest> body) {
    return Arguments.of(name, body);
  }

  static Stream<Arguments> operations() {
    return Stream.of(
        operation("newCredit", test -> test.account.newCredit()),
        operation("open", test -> test.account.open(test.credit, () -> true)),
        operation("charge after taking back", test -> test.openAndCharge(LIMIT + 1)),
        operation("takeBack", test -> test.account.takeBack()),
        operation("giveBack", test -> test.account.giveBack(test.credit)),
        operation("end", test -> test.account.end(test.credit)),
        operation("charged", test -> test.account.charged()),
        operation("forEachCredit", test -> test.account.forEachCredit(each -> {})));
  }

  private void openAndCharge(int bytes) {
    account.open(credit, () -> true);
    assertThat(account.charge(bytes)).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("operations")
  void afterwardsAnotherThreadIsNotKeptWaiting(
      String name, Consumer<CreditedAccountTest> operation) {
    operation.accept(this);
    assertThat(CompletableFuture.supplyAsync(account::charged))
        .succeedsWithin(Duration.ofSeconds(10))
        .isEqualTo(0L);
  }

  @Test
  void aCreditThatMayNotOpenLeavesNoneOpen() {
    account.open(credit, () -> false);
    assertThat(credit.awaitsOpening()).isTrue();
    assertThat(account.hasCredit()).isFalse();
  }

  @Test
  void aCreditThatMayNotOpenLeavesTheOthersOpen() {
    LoopCredit other = account.newCredit();
    account.open(other, () -> true);
    account.open(credit, () -> false);
    assertThat(credit.awaitsOpening()).isTrue();
    assertThat(other.awaitsOpening()).isFalse();
    assertThat(account.hasCredit()).isTrue();
  }

  @Test
  void aClosedCreditThatGivesBackStaysClosed() {
    credit.giveBack();
    assertThat(credit.awaitsOpening()).isTrue();
    credit.end();
    credit.giveBack();
    assertThat(credit.awaitsOpening()).as("ended").isFalse();
    assertThat(credit.unchargeAtomic(1)).as("open again").isFalse();
  }

  @Test
  void whoAsksWhetherACreditMayOpenSeesThatOneIsAboutTo() {
    account.open(
        credit,
        () -> {
          assertThat(account.hasCredit()).isTrue();
          return true;
        });
    assertThat(credit.awaitsOpening()).isFalse();
    account.takeBack();
    assertThat(account.hasCredit()).isFalse();
    assertThat(credit.awaitsOpening()).isTrue();
  }
}
