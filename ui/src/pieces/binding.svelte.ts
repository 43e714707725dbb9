// Which company and warehouses a store sells from, while it is chosen.
import type { CompanyView, StoreBinding } from '../api/types';

/** The choice, with what the store's currency suggests. */
export class BindingChoice {
  company = $state<number | null>(null);
  warehouses = $state.raw<readonly number[]>([]);
  companies = $state.raw<readonly CompanyView[]>([]);

  /** Offers these companies. Keeps what was chosen if it is still there, else suggests the one with the store's currency. */
  offer(companies: readonly CompanyView[], currency: string | null, saved: StoreBinding | null): void {
    this.companies = companies;
    const wanted = saved?.company ?? this.company;
    const chosen = companies.find((company) => company.id === wanted) ?? companies.find((company) => company.currency === currency) ?? companies[0];
    if (!chosen) {
      this.company = null;
      this.warehouses = [];
      return;
    }
    this.choose(chosen.id);
    if (saved?.company === chosen.id && saved.warehouses.length > 0) this.warehouses = saved.warehouses;
  }

  /** Chooses a company; all of its warehouses sell until some are unticked. */
  choose(company: number): void {
    if (company === this.company) return;
    this.company = company;
    this.warehouses = this.chosenCompany?.warehouses.map((warehouse) => warehouse.id) ?? [];
  }

  /** Ticks or unticks a warehouse. */
  tick(warehouse: number, on: boolean): void {
    this.warehouses = on ? [...this.warehouses, warehouse] : this.warehouses.filter((id) => id !== warehouse);
  }

  get chosenCompany(): CompanyView | undefined {
    return this.companies.find((company) => company.id === this.company);
  }

  /** Why it cannot be used yet: no company, or no warehouse of one that has some. */
  get gap(): 'company' | 'warehouses' | null {
    if (!this.chosenCompany) return 'company';
    return this.chosenCompany.warehouses.length > 0 && this.warehouses.length === 0 ? 'warehouses' : null;
  }

  /** As it is saved. */
  bindingTo(odoo: string): StoreBinding | null {
    return this.company === null || this.gap !== null ? null : { odoo, company: this.company, warehouses: [...this.warehouses] };
  }
}
