package dev.tidepool.allocator.budget;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZJ_Result;

@JCStressTest
@Description("A credit is opened while another thread forbids it: pressure begins or a read waits.")
@Outcome(id = "true, 50", expect = ACCEPTABLE, desc = "It is closed, and what it had is back.")
@Outcome(expect = FORBIDDEN, desc = "It stays open: an uncharge does not see the waiting read.")
@State
public class CreditOpenStress {
  private final CreditedAccount account = new CreditedAccount(200, 100);
  private final LoopCredit credit = account.newCredit();
  private volatile boolean forbidden;

  public CreditOpenStress() {
    account.charge(80);
  }

  @Actor
  public void loop() {
    account.open(credit, () -> !forbidden);
    if (!credit.unchargeAtomic(30)) {
      account.uncharge(30);
    }
  }

  @Actor
  public void reader() {
    forbidden = true;
    if (account.hasCredit()) {
      account.takeBack();
    }
  }

  @Arbiter
  public void end(ZJ_Result result) {
    result.r1 = credit.awaitsOpening();
    result.r2 = account.reserved();
  }
}
